package main

import (
	"crypto/rand"
	"fmt"

	"github.com/transparency-dev/formats/log"
	formatsnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// MakeLogRequest asks for a log of Go's own making.
type MakeLogRequest struct {
	Size int64 `json:"size"`
}

// MadeLog is that log: leaf i is "go leaf i".
type MadeLog struct {
	Origin      string             `json:"origin"`
	LogKey      string             `json:"logKey"`
	Cosigner    string             `json:"cosigner"`
	CosignerKey string             `json:"cosignerKey"`
	Checkpoint  string             `json:"checkpoint"`
	Inclusions  []InclusionClaim   `json:"inclusions"`
	Consistency []ConsistencyClaim `json:"consistency"`
	Proof       string             `json:"proof"`
}

func (r MakeLogRequest) make() (*MadeLog, error) {
	made := &MadeLog{Origin: "go.example/log", Cosigner: "go.example/witness"}
	tree, err := growTree(r.Size)
	if err != nil {
		return nil, err
	}
	if made.Inclusions, err = proveEveryLeaf(tree, r.Size); err != nil {
		return nil, err
	}
	if made.Consistency, err = proveEverySize(tree, r.Size); err != nil {
		return nil, err
	}
	if err := made.sign(tree, r.Size); err != nil {
		return nil, err
	}
	last := made.Inclusions[len(made.Inclusions)-1]
	hashes, err := toHashes(last.Proof)
	if err != nil {
		return nil, err
	}
	file := proof.TLogProof{Index: uint64(last.Index), Checkpoint: []byte(made.Checkpoint), ExtraData: []byte("extra")}
	for _, hash := range hashes {
		file.Hashes = append(file.Hashes, hash)
	}
	made.Proof = string(file.Marshal())
	return made, nil
}

// storedTree keeps hashes in the order of tlog.StoredHashIndex.
type storedTree []tlog.Hash

func (t storedTree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = t[index]
	}
	return hashes, nil
}

func leafData(i int64) []byte { return []byte(fmt.Sprintf("go leaf %d", i)) }

func growTree(size int64) (storedTree, error) {
	var tree storedTree
	for i := int64(0); i < size; i++ {
		hashes, err := tlog.StoredHashes(i, leafData(i), tree)
		if err != nil {
			return nil, err
		}
		tree = append(tree, hashes...)
	}
	return tree, nil
}

func proveEveryLeaf(tree storedTree, size int64) (claims []InclusionClaim, err error) {
	root, err := tlog.TreeHash(size, tree)
	if err != nil {
		return nil, err
	}
	for i := int64(0); i < size; i++ {
		path, err := tlog.ProveRecord(size, i, tree)
		if err != nil {
			return nil, err
		}
		claims = append(claims, InclusionClaim{i, size, leafData(i), root[:], fromHashes(path)})
	}
	return claims, nil
}

func proveEverySize(tree storedTree, size int64) (claims []ConsistencyClaim, err error) {
	root, err := tlog.TreeHash(size, tree)
	if err != nil {
		return nil, err
	}
	for old := int64(1); old <= size; old++ {
		oldRoot, err := tlog.TreeHash(old, tree)
		if err != nil {
			return nil, err
		}
		path, err := tlog.ProveTree(size, old, tree)
		if err != nil {
			return nil, err
		}
		claims = append(claims, ConsistencyClaim{old, size, oldRoot[:], root[:], fromHashes(path)})
	}
	return claims, nil
}

func (m *MadeLog) sign(tree storedTree, size int64) error {
	root, err := tlog.TreeHash(size, tree)
	if err != nil {
		return err
	}
	logSecret, logKey, err := note.GenerateKey(rand.Reader, m.Origin)
	if err != nil {
		return err
	}
	cosignerSecret, cosignerKey, err := note.GenerateKey(rand.Reader, m.Cosigner)
	if err != nil {
		return err
	}
	logSigner, err := note.NewSigner(logSecret)
	if err != nil {
		return err
	}
	cosigner, err := formatsnote.NewSignerForCosignatureV1(cosignerSecret)
	if err != nil {
		return err
	}
	if m.CosignerKey, err = formatsnote.VKeyToCosignatureV1(cosignerKey); err != nil {
		return err
	}
	m.LogKey = logKey
	text := log.Checkpoint{Origin: m.Origin, Size: uint64(size), Hash: root[:]}.Marshal()
	signed, err := note.Sign(&note.Note{Text: string(text)}, logSigner, cosigner)
	m.Checkpoint = string(signed)
	return err
}

func fromHashes(hashes []tlog.Hash) [][]byte {
	list := make([][]byte, len(hashes))
	for i, hash := range hashes {
		list[i] = append([]byte(nil), hash[:]...)
	}
	return list
}
