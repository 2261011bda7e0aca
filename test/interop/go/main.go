// Command log-oracle judges logs that Tallystick wrote, and writes one for Tallystick to judge,
// with Go's own transparency log packages: golang.org/x/mod/sumdb (which the Go checksum database
// runs on) and transparency-dev's formats and merkle (which witnesses run on).
//
// It reads one question in JSON from standard input and answers in JSON on standard output.
// Bytes are base64. A claim that does not hold is an answer (a reason), never a failure.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Question holds any number of claims of each kind.
type Question struct {
	VerifierKeys []string           `json:"verifierKeys"`
	Inclusions   []InclusionClaim   `json:"inclusions"`
	Consistency  []ConsistencyClaim `json:"consistency"`
	Checkpoints  []CheckpointClaim  `json:"checkpoints"`
	Proofs       []ProofClaim       `json:"proofs"`
	TiledLogs    []TiledLogClaim    `json:"tiledLogs"`
	MakeLog      *MakeLogRequest    `json:"makeLog"`
}

// Answer holds, for each claim in its order, why it does not hold; "" when it does.
type Answer struct {
	VerifierKeys []string            `json:"verifierKeys"`
	Inclusions   []string            `json:"inclusions"`
	Consistency  []string            `json:"consistency"`
	Checkpoints  []CheckpointVerdict `json:"checkpoints"`
	Proofs       []string            `json:"proofs"`
	TiledLogs    []string            `json:"tiledLogs"`
	MadeLog      *MadeLog            `json:"madeLog"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "log-oracle:", err)
		os.Exit(1)
	}
}

func run() error {
	var question Question
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&question); err != nil {
		return err
	}
	var answer Answer
	for _, key := range question.VerifierKeys {
		answer.VerifierKeys = append(answer.VerifierKeys, why(checkVerifierKey(key)))
	}
	for _, claim := range question.Inclusions {
		answer.Inclusions = append(answer.Inclusions, why(claim.check()))
	}
	for _, claim := range question.Consistency {
		answer.Consistency = append(answer.Consistency, why(claim.check()))
	}
	for _, claim := range question.Checkpoints {
		answer.Checkpoints = append(answer.Checkpoints, claim.judge())
	}
	for _, claim := range question.Proofs {
		answer.Proofs = append(answer.Proofs, why(claim.check()))
	}
	for _, claim := range question.TiledLogs {
		answer.TiledLogs = append(answer.TiledLogs, why(claim.check()))
	}
	if question.MakeLog != nil {
		made, err := question.MakeLog.make()
		if err != nil {
			return err
		}
		answer.MadeLog = made
	}
	return json.NewEncoder(os.Stdout).Encode(answer)
}

func why(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
