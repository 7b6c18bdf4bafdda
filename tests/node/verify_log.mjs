// Judges a log with Node's own crypto and nothing of ours: every tile, every root, the checkpoint, a cosignature.
//
//   node verify_log.mjs log DIR LOGKEY [WITNESSKEY]
//   node verify_log.mjs receipt FILE LOGKEY [WITNESSKEY]
//
// The keys are verifier keys as notes have them; a witness's may also be the one for cosignatures.
import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const WIDTH = 256;

function refuse(reason) {
  console.error(reason);
  process.exit(1);
}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const leafHash = (data) => sha256(Buffer.from([0]), data);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);

function root(hashes) {
  if (hashes.length === 0) return sha256(Buffer.alloc(0));
  if (hashes.length === 1) return hashes[0];
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return nodeHash(root(hashes.slice(0, half)), root(hashes.slice(half)));
}

function base64(text) {
  const data = Buffer.from(text, "base64");
  if (data.toString("base64") !== text) refuse("base64 that is not canonical");
  return data;
}

function verifierKey(text) {
  const [, name, , encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? refuse("malformed verifier key");
  const typed = base64(encoded);
  if (typed.length !== 33) refuse("not an Ed25519 key");
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), typed.subarray(1)]);
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  const keyId = (type) => sha256(`${name}\n`, Buffer.from([type]), typed.subarray(1)).subarray(0, 4);
  return { name, publicKey, keyId };
}

// The signatures (without key id) that a note carries under a key of this type.
function signatures(note, key, type) {
  const end = note.lastIndexOf("\n\n");
  if (end < 0) refuse("not a note");
  const lines = note.slice(end + 2).split("\n").slice(0, -1);
  return lines
    .map((line) => /^— (\S+) (\S+)$/.exec(line) ?? refuse("malformed signature line"))
    .filter(([, name]) => name === key.name)
    .map(([, , encoded]) => base64(encoded))
    .filter((value) => value.subarray(0, 4).equals(key.keyId(type)))
    .map((value) => value.subarray(4));
}

function openCheckpoint(note, logKey, witnessKey) {
  const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
  const [signature, ...more] = signatures(note, logKey, 1);
  if (!signature || more.length || !verify(null, Buffer.from(text), logKey.publicKey, signature)) {
    refuse("the checkpoint is not signed by its log");
  }
  const [, origin, size, hash] = /^([^\n]+)\n(0|[1-9]\d*)\n(\S{44})\n$/.exec(text) ?? refuse("malformed checkpoint");
  if (origin !== logKey.name) refuse("the checkpoint is of another log");
  let witnessed = null;
  if (witnessKey) {
    const [value] = signatures(note, witnessKey, 4);
    if (!value || value.length !== 72) refuse("the witness says nothing");
    witnessed = value.readBigUInt64BE(0);
    const message = Buffer.from(`cosignature/v1\ntime ${witnessed}\n${text}`);
    if (!verify(null, message, witnessKey.publicKey, value.subarray(8))) refuse("the cosignature is wrong");
  }
  return { size: Number(size), root: base64(hash), witnessed };
}

function tilePath(dir, level, index, width) {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0").match(/.{3}/g);
  const groups = digits.map((group, at) => (at < digits.length - 1 ? `x${group}` : group)).join("/");
  return join(dir, "tile", String(level), width < WIDTH ? `${groups}.p/${width}` : groups);
}

function* tiles(dir, level, count) {
  for (let index = 0; index * WIDTH < count; index++) {
    const width = Math.min(WIDTH, count - index * WIDTH);
    const path = tilePath(dir, level, index, width);
    if (!existsSync(path)) refuse(`a tile is missing: ${path}`);
    yield { data: readFileSync(path), width };
  }
}

function readEntries(dir, size) {
  const entries = [];
  for (const { data, width } of tiles(dir, "entries", size)) {
    let at = 0;
    for (let number = 0; number < width; number++) {
      if (at + 2 > data.length) refuse("an entry tile is cut off");
      const end = at + 2 + data.readUInt16BE(at);
      entries.push(data.subarray(at + 2, end));
      at = end;
    }
    if (at !== data.length) refuse("an entry tile has another length");
  }
  return entries;
}

function judgeLog(dir, logKey, witnessKey) {
  const head = openCheckpoint(readFileSync(join(dir, "checkpoint"), "utf8"), logKey, witnessKey);
  const entries = readEntries(dir, head.size);
  let hashes = entries.map(leafHash);
  if (!root(hashes).equals(head.root)) refuse("the entries have another root");
  for (let level = 0; hashes.length; level++) {
    const stored = Buffer.concat([...tiles(dir, level, hashes.length)].map((tile) => tile.data));
    if (!stored.equals(Buffer.concat(hashes))) refuse(`a hash tile of level ${level} differs`);
    const full = Math.floor(hashes.length / WIDTH);
    hashes = Array.from({ length: full }, (_, at) => root(hashes.slice(at * WIDTH, (at + 1) * WIDTH)));
  }
  for (const entry of entries) {
    if (typeof JSON.parse(entry.toString("utf8")).type !== "string") refuse("an entry has no type");
  }
  return { size: head.size, root: head.root.toString("hex"), witnessed: head.witnessed?.toString() ?? null };
}

function rootOf(leaf, index, size, path) {
  // RFC 9162, 2.1.3.2.
  let [fn, sn, hash] = [index, size - 1, leaf];
  if (fn > sn) refuse("the receipt names an entry beyond its tree");
  for (const sibling of path) {
    if (sn === 0) refuse("the receipt has too many hashes");
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  if (sn !== 0) refuse("the receipt has too few hashes");
  return hash;
}

function judgeReceipt(file, logKey, witnessKey) {
  const text = readFileSync(file, "utf8");
  const blank = text.indexOf("\n\n");
  const [header, extra, indexLine, ...path] = text.slice(0, blank).split("\n");
  if (header !== "c2sp.org/tlog-proof@v1" || !extra?.startsWith("extra ")) refuse("not a receipt");
  const head = openCheckpoint(text.slice(blank + 2), logKey, witnessKey);
  const [, index] = /^index (0|[1-9]\d*)$/.exec(indexLine) ?? refuse("no index");
  const entry = base64(extra.slice("extra ".length));
  const hashes = path.map(base64);
  if (hashes.some((hash) => hash.length !== 32)) refuse("a hash has another length");
  if (!rootOf(leafHash(entry), Number(index), head.size, hashes).equals(head.root)) refuse("it leads to another root");
  return { index: Number(index), size: head.size, entry: JSON.parse(entry.toString("utf8")) };
}

const [mode, place, logKey, witnessKey] = process.argv.slice(2);
const judge = { log: judgeLog, receipt: judgeReceipt }[mode] ?? refuse("usage: verify_log.mjs log|receipt ...");
console.log(JSON.stringify(judge(place, verifierKey(logKey), witnessKey && verifierKey(witnessKey))));
