package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/transparency-dev/formats/log"
	formatsnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// CheckpointClaim is a signed checkpoint and whom to believe about it.
type CheckpointClaim struct {
	Note      string   `json:"note"`
	Origin    string   `json:"origin"`
	LogKey    string   `json:"logKey"`
	Cosigners []string `json:"cosigners"`
	Policy    string   `json:"policy"`
}

// CheckpointVerdict says what was found signed. Why is "" when the log's signature and every
// known cosigner's verify.
type CheckpointVerdict struct {
	Why       string   `json:"why"`
	Size      uint64   `json:"size"`
	Root      []byte   `json:"root"`
	Signers   []string `json:"signers"`
	QuorumMet bool     `json:"quorumMet"`
}

// ProofClaim is a tlog-proof and the leaf that it is said to prove.
type ProofClaim struct {
	CheckpointClaim
	Text string `json:"text"`
	Leaf []byte `json:"leaf"`
}

// checkVerifierKey reads log keys with sumdb and cosigners' keys with formats, which leaves it to
// its caller to compare the key's hash.
func checkVerifierKey(key string) error {
	if _, err := note.NewVerifier(key); err == nil {
		return nil
	}
	cosigner, err := formatsnote.NewVerifierForCosignatureV1(key)
	if err != nil {
		return err
	}
	stated := strings.TrimPrefix(key, cosigner.Name()+"+")
	if !strings.HasPrefix(stated, fmt.Sprintf("%08x+", cosigner.KeyHash())) {
		return errors.New("the key's hash does not fit")
	}
	return nil
}

func (c CheckpointClaim) judge() CheckpointVerdict {
	checkpoint, signed, err := c.open()
	if err != nil {
		return CheckpointVerdict{Why: err.Error()}
	}
	policy, err := witness.ParsePolicy([]byte(c.Policy))
	if err != nil {
		return CheckpointVerdict{Why: err.Error()}
	}
	verdict := CheckpointVerdict{
		Size:      checkpoint.Size,
		Root:      checkpoint.Hash,
		QuorumMet: policy.Satisfied([]byte(c.Note)),
	}
	for _, signature := range signed.Sigs {
		verdict.Signers = append(verdict.Signers, signature.Name)
	}
	return verdict
}

func (c CheckpointClaim) open() (*log.Checkpoint, *note.Note, error) {
	logVerifier, err := note.NewVerifier(c.LogKey)
	if err != nil {
		return nil, nil, err
	}
	var cosigners []note.Verifier
	for _, key := range c.Cosigners {
		cosigner, err := formatsnote.NewVerifierForCosignatureV1(key)
		if err != nil {
			return nil, nil, err
		}
		cosigners = append(cosigners, cosigner)
	}
	checkpoint, rest, signed, err := log.ParseCheckpoint([]byte(c.Note), c.Origin, logVerifier, cosigners...)
	if err != nil {
		return nil, nil, err
	}
	if len(rest) > 0 {
		return nil, nil, errors.New("extension lines")
	}
	return checkpoint, signed, nil
}

func (c ProofClaim) check() error {
	var parsed proof.TLogProof
	if err := parsed.Unmarshal([]byte(c.Text)); err != nil {
		return err
	}
	if !bytes.Equal(parsed.Marshal(), []byte(c.Text)) {
		return errors.New("written differently")
	}
	c.Note = string(parsed.Checkpoint)
	checkpoint, _, err := c.open()
	if err != nil {
		return err
	}
	root, err := toHash(checkpoint.Hash)
	if err != nil {
		return err
	}
	path := make([]tlog.Hash, len(parsed.Hashes))
	for i, hash := range parsed.Hashes {
		path[i] = hash
	}
	leafHash := tlog.RecordHash(c.Leaf)
	return tlog.CheckRecord(path, int64(checkpoint.Size), root, int64(parsed.Index), leafHash)
}
