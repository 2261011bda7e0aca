package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// TiledLogClaim is a whole log as static files: path under the prefix → content.
type TiledLogClaim struct {
	Size  int64             `json:"size"`
	Root  []byte            `json:"root"`
	Files map[string][]byte `json:"files"`
}

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// check reads every entry, and every leaf hash through tiles that must lead to the root.
func (c TiledLogClaim) check() error {
	root, err := toHash(c.Root)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: root}, tileFiles(c.Files))
	computed, err := tlog.TreeHash(c.Size, reader)
	if err != nil {
		return err
	}
	if computed != root {
		return errors.New("the tiles lead to another root")
	}
	for start := int64(0); start < c.Size; start += tileWidth {
		if err := c.checkBundle(reader, start, min(tileWidth, c.Size-start)); err != nil {
			return err
		}
	}
	return nil
}

func (c TiledLogClaim) checkBundle(reader tlog.HashReader, start, width int64) error {
	path := filePath("entries", start/tileWidth, int(width))
	entries, err := splitBundle(c.Files[path])
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if int64(len(entries)) != width {
		return fmt.Errorf("%s holds %d entries", path, len(entries))
	}
	indexes := make([]int64, width)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, start+int64(i))
	}
	hashes, err := reader.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i, entry := range entries {
		if tlog.RecordHash(entry) != hashes[i] {
			return fmt.Errorf("entry %d is not the leaf", start+int64(i))
		}
	}
	return nil
}

func splitBundle(bundle []byte) (entries [][]byte, err error) {
	for len(bundle) > 0 {
		if len(bundle) < 2 {
			return nil, errors.New("cut short")
		}
		length := int(binary.BigEndian.Uint16(bundle))
		if len(bundle) < 2+length {
			return nil, errors.New("cut short")
		}
		entries = append(entries, bundle[2:2+length])
		bundle = bundle[2+length:]
	}
	return entries, nil
}

// filePath writes a path of C2SP tlog-tiles, which leaves out the height that Go's Tile.Path has.
func filePath(level string, index int64, width int) string {
	tile := tlog.Tile{H: tileHeight, L: 0, N: index, W: width}
	return "tile/" + level + strings.TrimPrefix(tile.Path(), "tile/8/0")
}

// tileFiles reads tiles from a map of files.
type tileFiles map[string][]byte

func (f tileFiles) Height() int { return tileHeight }

func (f tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (f tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		path := filePath(fmt.Sprint(tile.L), tile.N, tile.W)
		content, ok := f[path]
		if !ok {
			return nil, fmt.Errorf("no file %s", path)
		}
		if len(content) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", path, len(content))
		}
		data[i] = content
	}
	return data, nil
}
