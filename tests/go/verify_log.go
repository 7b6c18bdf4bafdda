// Command verify_log judges a log with code that is not Overt's: Go's sumdb packages and crypto/ed25519.
//
//	verify_log log DIR LOGKEY [COSIGNERKEY]   every tile, record and root of the log in DIR, and many proofs
//	verify_log receipt FILE LOGKEY            a receipt (tlog-proof)
//	verify_log offer FILE OLDROOT LOGKEY      an offer to a witness, from the base64 root that it remembers
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// disk reads tiles from a directory in the layout of C2SP tlog-tiles.
type disk struct {
	dir   string
	saved int
}

func (d *disk) Height() int { return height }

func (d *disk) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(d.dir, name))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (d *disk) SaveTiles(tiles []tlog.Tile, data [][]byte) { d.saved += len(tiles) }

// cosigner verifies the signature lines of a witness (C2SP tlog-cosignature, type 0x04).
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed cosigner key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, errors.New("not an Ed25519 cosigner key")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:4]), key[1:]}, nil
}

// open returns the tree of a checkpoint that every one of the verifiers signed.
func open(signed []byte, verifiers ...note.Verifier) (tree tlog.Tree) {
	n, err := note.Open(signed, note.VerifierList(verifiers...))
	must(err)
	if len(n.Sigs) != len(verifiers) {
		log.Fatalf("%d of %d signatures verify", len(n.Sigs), len(verifiers))
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != verifiers[0].Name() {
		log.Fatal("malformed checkpoint")
	}
	tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	must(err)
	tree.Hash, err = tlog.ParseHash(lines[2])
	must(err)
	return tree
}

func verifier(vkey string) note.Verifier {
	v, err := note.NewVerifier(vkey)
	must(err)
	return v
}

// records returns the entries of the log in dir, from its entry tiles.
func records(dir string, size int64) (all [][]byte) {
	for index := int64(0); index<<height < size; index++ {
		width := size - index<<height
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: 0, N: index, W: int(width)}
		name := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(dir, name))
		must(err)
		for ; width > 0; width-- {
			length := int(binary.BigEndian.Uint16(data))
			all, data = append(all, data[2:2+length]), data[2+length:]
		}
		if len(data) > 0 {
			log.Fatal("an entry tile is too long")
		}
	}
	return all
}

func judgeLog(dir string, verifiers ...note.Verifier) {
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	tree := open(signed, verifiers...)
	all := records(dir, tree.N)
	var stored []tlog.Hash
	memory := tlog.HashReaderFunc(func(indexes []int64) (found []tlog.Hash, err error) {
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for n, record := range all {
		hashes, err := tlog.StoredHashes(int64(n), record, memory)
		must(err)
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(tree.N, memory)
	must(err)
	if root != tree.Hash {
		log.Fatal("the records have another root")
	}
	reader := &disk{dir: dir}
	tiles := tlog.TileHashReader(tree, reader)
	inclusions, consistencies := 0, 0
	for n := int64(0); n < tree.N; n += 1 + tree.N/150 {
		proof, err := tlog.ProveRecord(tree.N, n, tiles)
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, n, tlog.RecordHash(all[n])))
		inclusions++
		old, err := tlog.TreeHash(n+1, memory)
		must(err)
		growth, err := tlog.ProveTree(tree.N, n+1, tiles)
		must(err)
		must(tlog.CheckTree(growth, tree.N, tree.Hash, n+1, old))
		consistencies++
	}
	fmt.Printf("%d records, %d inclusions, %d consistencies, %d tiles\n", tree.N, inclusions, consistencies, reader.saved)
}

// split returns the lines before the first empty line of the file name, and what follows it.
func split(name string) ([]string, []byte) {
	data, err := os.ReadFile(name)
	must(err)
	head, checkpoint, found := bytes.Cut(data, []byte("\n\n"))
	if !found {
		log.Fatal("no checkpoint")
	}
	return strings.Split(string(head), "\n"), checkpoint
}

func hashes(lines []string) (all []tlog.Hash) {
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		must(err)
		all = append(all, hash)
	}
	return all
}

func judgeReceipt(name string, v note.Verifier) {
	lines, checkpoint := split(name)
	tree := open(checkpoint, v)
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		log.Fatal("not a receipt")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	must(err)
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	must(err)
	must(tlog.CheckRecord(hashes(lines[3:]), tree.N, tree.Hash, index, tlog.RecordHash(entry)))
	fmt.Printf("record %d of %d: %s\n", index, tree.N, entry)
}

func judgeOffer(name, oldRoot string, v note.Verifier) {
	lines, checkpoint := split(name)
	tree := open(checkpoint, v)
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	must(err)
	root, err := tlog.ParseHash(oldRoot)
	must(err)
	must(tlog.CheckTree(hashes(lines[1:]), tree.N, tree.Hash, old, root))
	fmt.Printf("grew from %d to %d\n", old, tree.N)
}

func main() {
	log.SetFlags(0)
	args := os.Args[1:]
	if len(args) < 3 {
		log.Fatal("usage: verify_log log|receipt|offer ...")
	}
	switch args[0] {
	case "log":
		verifiers := []note.Verifier{verifier(args[2])}
		for _, vkey := range args[3:] {
			v, err := newCosigner(vkey)
			must(err)
			verifiers = append(verifiers, v)
		}
		judgeLog(args[1], verifiers...)
	case "receipt":
		judgeReceipt(args[1], verifier(args[2]))
	case "offer":
		judgeOffer(args[1], args[2], verifier(args[3]))
	}
}
