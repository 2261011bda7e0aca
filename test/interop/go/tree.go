package main

import (
	"fmt"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
)

// InclusionClaim says that the leaf stands at the index of the tree.
type InclusionClaim struct {
	Index int64    `json:"index"`
	Size  int64    `json:"size"`
	Leaf  []byte   `json:"leaf"`
	Root  []byte   `json:"root"`
	Proof [][]byte `json:"proof"`
}

// ConsistencyClaim says that the old tree is the beginning of the new one.
type ConsistencyClaim struct {
	OldSize int64    `json:"oldSize"`
	NewSize int64    `json:"newSize"`
	OldRoot []byte   `json:"oldRoot"`
	NewRoot []byte   `json:"newRoot"`
	Proof   [][]byte `json:"proof"`
}

// check asks both libraries, which must agree.
func (c InclusionClaim) check() error {
	root, err := toHash(c.Root)
	if err != nil {
		return err
	}
	path, err := toHashes(c.Proof)
	if err != nil {
		return err
	}
	bySumdb := tlog.CheckRecord(path, c.Size, root, c.Index, tlog.RecordHash(c.Leaf))
	leafHash := rfc6962.DefaultHasher.HashLeaf(c.Leaf)
	byMerkle := proof.VerifyInclusion(
		rfc6962.DefaultHasher, uint64(c.Index), uint64(c.Size), leafHash, c.Proof, c.Root)
	return agreed(bySumdb, byMerkle)
}

func (c ConsistencyClaim) check() error {
	oldRoot, err := toHash(c.OldRoot)
	if err != nil {
		return err
	}
	newRoot, err := toHash(c.NewRoot)
	if err != nil {
		return err
	}
	path, err := toHashes(c.Proof)
	if err != nil {
		return err
	}
	bySumdb := tlog.CheckTree(path, c.NewSize, newRoot, c.OldSize, oldRoot)
	byMerkle := proof.VerifyConsistency(
		rfc6962.DefaultHasher, uint64(c.OldSize), uint64(c.NewSize), c.Proof, c.OldRoot, c.NewRoot)
	return agreed(bySumdb, byMerkle)
}

func agreed(bySumdb, byMerkle error) error {
	if (bySumdb == nil) != (byMerkle == nil) {
		panic(fmt.Sprintf("the oracles disagree: sumdb %v, merkle %v", bySumdb, byMerkle))
	}
	return bySumdb
}

func toHash(bytes []byte) (hash tlog.Hash, err error) {
	if len(bytes) != tlog.HashSize {
		return hash, fmt.Errorf("a hash of %d bytes", len(bytes))
	}
	copy(hash[:], bytes)
	return hash, nil
}

func toHashes(list [][]byte) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(list))
	for i, bytes := range list {
		hash, err := toHash(bytes)
		if err != nil {
			return nil, err
		}
		hashes[i] = hash
	}
	return hashes, nil
}
