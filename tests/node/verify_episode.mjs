// verify_episode.mjs DIR > {name: verdict} of every vector in DIR/vectors, and of DIR/reference.ep.
//
// A second reader of episodes, written from docs/spec/episode-v1.md alone, with Node's own hash and signature and with
// the age of its author's library. The numbers in the comments are those of the specification's rules and sections.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Decrypter, identityToRecipient } from "age-encryption";

class Broken extends Error {
  constructor(rule) {
    super(rule);
    this.rule = rule;
  }
}
class NoKey extends Error {}

const require = (holds, rule) => {
  if (!holds) throw new Broken(rule);
};
const orElse = (rule, attempt) => {
  try {
    return attempt();
  } catch {
    throw new Broken(rule);
  }
};
const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const utf8 = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
const isZero = (bytes) => bytes.every((byte) => byte === 0);

// ---------------------------------------------------------------- 3: the container

const NAME = /^[a-z0-9]+([./][a-z0-9]+)*$/;
const MIB_64 = 67_108_864;
const padded = (size) => Math.ceil(size / 512) * 512;

function header(name, size) {
  const bytes = Buffer.alloc(512);
  const put = (offset, text) => bytes.write(text, offset, "latin1");
  put(0, name);
  put(100, "0000600\0" + "0000000\0" + "0000000\0");
  put(124, size.toString(8).padStart(11, "0") + "\0");
  put(136, "00000000000\0");
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\u000000");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(148, sum.toString(8).padStart(6, "0") + "\0 ");
  return bytes;
}

function member(file, offset) {
  require(offset < file.length, "group-cut"); // 1
  require(offset + 512 <= file.length, "header-cut"); // 2
  const found = file.subarray(offset, offset + 512);
  const end = found.subarray(0, 100).indexOf(0);
  const name = found.subarray(0, end < 0 ? 100 : end).toString("latin1");
  const digits = found.subarray(124, 135).toString("latin1");
  require(NAME.test(name) && /^[0-7]{11}$/.test(digits), "header-not-canonical"); // 3
  const size = parseInt(digits, 8);
  require(found.equals(header(name, size)), "header-not-canonical");
  require(size <= MIB_64, "member-too-long"); // 4
  const start = offset + 512;
  require(start + padded(size) <= file.length, "member-cut"); // 5
  require(isZero(file.subarray(start + size, start + padded(size))), "padding-not-zero"); // 6
  return { name, data: file.subarray(start, start + size), end: start + padded(size) };
}

// ---------------------------------------------------------------- 4.5: notes

const SIGNER = /^[^+\p{White_Space}\x00-\x1f\x7f]{1,255}$/u;

function base64(text) {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new Error("not canonical base64");
  return bytes;
}

function note(bytes) {
  const whole = utf8(bytes);
  const at = whole.lastIndexOf("\n\n");
  if (at < 0 || !whole.endsWith("\n")) throw new Error("no signatures");
  const text = whole.slice(0, at + 1);
  if (/[\x00-\x09\x0b-\x1f\x7f]/.test(text)) throw new Error("control character");
  const lines = whole.slice(at + 2, -1).split("\n");
  if (lines.length > 100) throw new Error("too many signatures");
  return { text, signatures: lines.map(signatureLine) };
}

function signatureLine(line) {
  const [dash, name, encoded, ...more] = line.split(" ");
  if (dash !== "—" || encoded === undefined || more.length || !SIGNER.test(name)) throw new Error("signature line");
  const data = base64(encoded);
  if (data.length <= 4) throw new Error("short signature");
  return { name, id: hex(data.subarray(0, 4)), value: data.subarray(4) };
}

function verifierKey(text) {
  const match = /^([^+]*)\+([0-9a-f]{8})\+([^+].*|\+.*)$/s.exec(text);
  if (!match || !SIGNER.test(match[1])) throw new Error("verifier key");
  const key = base64(match[3]);
  const id = hex(sha256(match[1], "\n", key).subarray(0, 4));
  if (key.length !== 33 || key[0] !== 1 || id !== match[2]) throw new Error("verifier key");
  const jwk = { kty: "OKP", crv: "Ed25519", x: key.subarray(1).toString("base64url") };
  return { name: match[1], id, public: () => createPublicKey({ key: jwk, format: "jwk" }) };
}

const isBy = (line, key) => line.name === key.name && line.id === key.id;

function isSigned(text, line, key) {
  if (line.value.length !== 64) return false;
  try {
    return verify(null, Buffer.from(text), key.public(), line.value);
  } catch {
    return false;
  }
}

// ---------------------------------------------------------------- 4: members

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error("not a whole number");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

function object(bytes, keys) {
  const text = utf8(bytes);
  const value = JSON.parse(text);
  if (canonical(value) !== text || Object.keys(value).join() !== keys) throw new Error("not as the table says");
  return value;
}

const must = (...conditions) => {
  if (!conditions.every(Boolean)) throw new Error("a value is not as the table says");
};
const RECIPIENT = /^age1pq1[02-9ac-hj-np-z]{1952}$/;
const REASONS = (
  "stopped withdrawn revoked expired changed invalid law outside_hours indicator_lost desktop_lost storage daily_cap " +
  "error"
).split(" ");

function episodeJson(bytes) {
  const said = object(bytes, "format,grant,id,policy,sections,trial,vkey");
  must(said.format === "episode/1", /^[0-9a-f]{32}$/.test(said.grant), /^[0-9a-f]{32}$/.test(said.id));
  must(/^[0-9a-f]{64}$/.test(said.policy), typeof said.trial === "boolean", typeof said.vkey === "string");
  must(typeof said.sections === "object", Object.keys(said.sections).join() === "c,m");
  must(RECIPIENT.test(said.sections.c), RECIPIENT.test(said.sections.m));
  const key = verifierKey(said.vkey);
  const suffix = `/ep/${said.id}`;
  must(key.name.endsWith(suffix), key.name.length > suffix.length);
  return { ...said, key, device: key.name.slice(0, -suffix.length), hash: hex(sha256(bytes)) };
}

function closeJson(bytes) {
  const said = object(bytes, "flushes,id,reason");
  must(Number.isInteger(said.flushes), said.flushes >= 0, said.flushes <= 99_999_999);
  must(typeof said.id === "string", /^[0-9a-f]{32}$/.test(said.id), REASONS.includes(said.reason));
  return said;
}

// 5 and 10: an age header, of which only the kinds of its stanzas matter here
function stanzaTypes(bytes) {
  const text = bytes.subarray(0, 65_536).toString("latin1");
  const lines = text.split("\n");
  if (lines.shift() !== "age-encryption.org/v1") throw new Error("not age");
  const types = [];
  while (lines.length > 1 && lines[0].startsWith("-> ")) {
    const words = lines.shift().slice(3).split(" ");
    if (!words.every((word) => /^[\x21-\x7e]+$/.test(word))) throw new Error("stanza");
    let body = "";
    for (let length = 64; length === 64; ) {
      const line = lines.shift();
      if (line === undefined || line.length > 64) throw new Error("stanza body");
      body += line;
      length = line.length;
    }
    bare(body);
    types.push(words[0]);
  }
  const mac = /^--- ([A-Za-z0-9+/]{43})$/.exec(lines.length > 1 ? lines[0] : "");
  if (!mac || bare(mac[1]).length !== 32 || types.length > 64) throw new Error("end of header");
  return types;
}

function bare(text) {
  if (text.includes("=")) throw new Error("padded base64");
  return base64(text + "=".repeat((4 - (text.length % 4)) % 4));
}

// ---------------------------------------------------------------- RFC 6962, growing leaf by leaf

class Tree {
  size = 0;
  peaks = []; // roots of perfect subtrees, the largest first
  append(leaf) {
    let hash = sha256("\0", leaf);
    for (let bits = this.size; bits & 1; bits >>= 1) hash = sha256("\x01", this.peaks.pop(), hash);
    this.peaks.push(hash);
    this.size += 1;
  }
  root() {
    return this.peaks.length ? this.peaks.reduceRight((right, left) => sha256("\x01", left, right)) : sha256("");
  }
}

// ---------------------------------------------------------------- 7: reading

function mayFollow(names, number) {
  const eight = String(number).padStart(8, "0");
  const checkpoint = `cp/${eight}.note`;
  if (number === 0) return [["episode.json", "open.note", checkpoint][names.length]];
  const [meta, content] = ["m", "c"].map((section) => `seg/${eight}.${section}.age`);
  if (names.length === 0) return [meta, content, "close.json"];
  return names.at(-1) === meta ? [content, checkpoint] : [checkpoint];
}

function readGroup(file, offset, number) {
  const members = [];
  for (;;) {
    const next = member(file, offset);
    require(mayFollow(members.map((each) => each.name), number).includes(next.name), "member-unexpected"); // 8
    require(next.name.endsWith(".age") || next.data.length <= 65_536, "text-too-long"); // 9
    offset = next.end;
    if (next.name.startsWith("cp/")) return { members, checkpoint: next.data, end: offset };
    members.push(next);
  }
}

function checkMembers(group, state) {
  for (const { name, data } of group.members) {
    if (name === "episode.json") state.header = orElse("episode-malformed", () => episodeJson(data)); // 10
    if (name === "open.note") state.note = openNote(data, state.header);
    if (name.endsWith(".age")) {
      const types = orElse("segment-not-sealed", () => stanzaTypes(data));
      require(types.join() === "mlkem768x25519", "segment-not-sealed"); // 13
    }
    if (name === "close.json") {
      const close = orElse("close-malformed", () => closeJson(data)); // 14
      require(close.id === state.header.id && close.flushes === state.flushes, "close-foreign"); // 15
    }
  }
}

function openNote(data, said) {
  const opening = orElse("open-note-malformed", () => note(data)); // 11
  require(opening.text === `${said.device}/episode-open\n${said.id}\n${said.hash}\n`, "open-note-foreign"); // 12
  return opening;
}

function checkCheckpoint(group, state) {
  for (const { name, data } of group.members) state.tree.append(`v1 ${name} ${data.length} ${hex(sha256(data))}`);
  const { key } = state.header;
  const said = orElse("checkpoint-malformed", () => note(group.checkpoint)); // 16
  require(said.signatures.length === 1 && isBy(said.signatures[0], key), "checkpoint-signer"); // 17
  require(isSigned(said.text, said.signatures[0], key), "checkpoint-signature"); // 18
  const text = `${key.name}\n${state.tree.size}\n${state.tree.root().toString("base64")}\n`;
  require(said.text === text, "checkpoint-coverage"); // 19
}

function checkDevice(state, trusted) {
  const { text, signatures } = state.note;
  require(signatures.length === 1 && signatures[0].name === state.header.device, "device-signer"); // 20
  if (trusted === null) return;
  require(isBy(signatures[0], trusted), "device-untrusted"); // 21
  require(isSigned(text, signatures[0], trusted), "device-signature"); // 22
}

function step(file, state, number) {
  require(!state.closed, "bytes-after-close"); // 7
  const group = readGroup(file, state.size, number);
  checkMembers(group, state);
  checkCheckpoint(group, state);
  state.size = group.end;
  if (number === 0) return;
  if (group.members[0].name === "close.json") state.closed = true;
  else {
    state.flushes += 1;
    state.segments.push(...group.members);
  }
}

function judge(file, trust) {
  const state = { size: 0, flushes: 0, segments: [], closed: false, tree: new Tree() };
  try {
    step(file, state, 0);
    checkDevice(state, trust === null ? null : verifierKey(trust));
  } catch (problem) {
    if (!(problem instanceof Broken)) throw problem;
    return { state: "invalid", flushes: 0, size: 0, rule: problem.rule };
  }
  let rule = null;
  try {
    while (state.size < file.length) step(file, state, state.flushes + 1);
  } catch (problem) {
    if (!(problem instanceof Broken)) throw problem;
    rule = problem.rule;
  }
  const name = rule ? "damaged-tail" : state.closed ? "closed" : "open";
  return { state: name, flushes: state.flushes, size: state.size, rule, opened: state };
}

// ---------------------------------------------------------------- 5 and 6: reading with keys

const opened = new Map();

// The same ciphertext stands in most of the vectors: it is opened once.
async function decrypt(data, identity) {
  const name = `${hex(sha256(data))} ${identity}`;
  if (!opened.has(name)) opened.set(name, await attempt(data, identity));
  const result = opened.get(name);
  if (result instanceof Error) throw result;
  return result;
}

async function attempt(data, identity) {
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return Buffer.from(await decrypter.decrypt(data));
  } catch (problem) {
    return problem.message.includes("no identity matched") ? new NoKey() : new Error(problem.message);
  }
}

function wrapped(file) {
  const found = [];
  for (let offset = 0; offset < file.length; offset = found.at(-1).end) found.push(member(file, offset));
  if (found.map((each) => each.name).join() !== "c.age,m.age") throw new Error("not c.age and m.age");
  return { c: found[0].data, m: found[1].data };
}

async function sectionIdentity(keys, section, role, share, recipient) {
  const layers = orElse("keys-malformed", () => wrapped(keys)); // 23
  let identity, found;
  try {
    const inner = await decrypt(layers[section], role);
    identity = utf8(await decrypt(inner, share)).trim();
    found = await identityToRecipient(identity);
  } catch (problem) {
    throw problem instanceof NoKey ? problem : new Broken("keys-malformed");
  }
  require(found === recipient, "keys-foreign"); // 24
  return identity;
}

function padme(length) {
  const exponent = Math.floor(Math.log2(length));
  const step = 2 ** (exponent - (Math.floor(Math.log2(exponent)) + 1));
  return Math.ceil(length / step) * step;
}

function split(plaintext) {
  const length = plaintext.length >= 4 ? plaintext.readUInt32BE(0) : 0;
  require(length > 0 && plaintext.length === padme(Math.max(length + 4, 1024)), "segment-length"); // 26
  require(isZero(plaintext.subarray(4 + length)), "segment-padding"); // 27
  const records = [];
  for (let rest = plaintext.subarray(4, 4 + length); rest.length; ) {
    require(rest.length >= 5, "record-cut"); // 28
    const tag = String.fromCharCode(rest[0]);
    require(tag === "j" || tag === "p", "record-tag"); // 29
    const end = 5 + rest.readUInt32BE(1);
    require(end <= rest.length, "record-cut");
    records.push({ tag, body: rest.subarray(5, end) });
    rest = rest.subarray(end);
  }
  return records;
}

const VOCABULARY = {
  m: {
    session:
      "recorder_version redactor_version grant notice_sha256 policy_sha256 purposes signals trial started_on os_family synthetic?",
    flush: "at_ms events sites dropped withheld lost synthetic?",
    end: "at_ms armed_ms reason synthetic?",
  },
  c: {
    page_entered: "at_ms visit site area url title query? arrived synthetic?",
    page_left: "at_ms visit dwell_ms off_list synthetic?",
    click: "at_ms visit button count? x y modifiers? target? synthetic?",
    drag: "at_ms visit button x y x2 y2 modifiers? synthetic?",
    scroll: "at_ms visit x y dx dy synthetic?",
    move: "at_ms visit x y synthetic?",
    type: "at_ms visit text withheld? field? incomplete? synthetic?",
    key: "at_ms visit keys synthetic?",
    withheld: "at_ms visit reason synthetic?",
    frame: "at_ms visit frame width height sha256 masks synthetic?",
  },
};

function event(body, section) {
  const said = JSON.parse(utf8(body));
  must(said !== null && typeof said === "object" && !Array.isArray(said));
  must(typeof said.kind === "string", Object.hasOwn(VOCABULARY[section], said.kind));
  const known = VOCABULARY[section][said.kind].split(" ");
  const allowed = ["kind", ...known.map((key) => key.replace("?", ""))];
  must(known.every((key) => key.endsWith("?") || Object.hasOwn(said, key)));
  must(Object.keys(said).every((key) => allowed.includes(key)));
  const times = Object.keys(said).filter((key) => key.endsWith("_ms"));
  must(times.every((key) => Number.isInteger(said[key]) && said[key] >= 0 && said[key] % 100 === 0));
  return said;
}

function checkRecords(records, section) {
  let frame = null;
  for (const { tag, body } of records) {
    if (tag === "p") {
      require(frame !== null, "picture-misplaced"); // 31
      require(hex(sha256(body)) === frame.sha256, "picture-foreign"); // 32
      frame = null;
    } else {
      const said = orElse("record-malformed", () => event(body, section)); // 30
      frame = said.kind === "frame" ? said : null;
    }
  }
}

async function readSection(state, keys, section, role, share) {
  try {
    const identity = await sectionIdentity(keys, section, role, share, state.header.sections[section]);
    const found = [];
    for (const segment of state.segments.filter((each) => each.name.endsWith(`.${section}.age`))) {
      const plaintext = await decrypt(segment.data, identity).catch(() => {
        throw new Broken("segment-unreadable"); // 25
      });
      const records = split(plaintext);
      checkRecords(records, section);
      found.push(...records.map(({ tag, body }) => `${tag} ${hex(sha256(body))}`));
    }
    return found;
  } catch (problem) {
    if (problem instanceof Broken) return problem.rule;
    if (problem instanceof NoKey) return "no-key";
    throw problem;
  }
}

// ---------------------------------------------------------------- 12: the vectors

function edited(base, edits) {
  const parts = [];
  let done = 0;
  for (const [offset, removed, inserted, times = 1] of edits) {
    const bytes = Buffer.from(inserted, "hex");
    parts.push(base.subarray(done, offset), ...Array(times).fill(bytes));
    done = offset + removed;
  }
  return Buffer.concat([...parts, base.subarray(done)]);
}

async function verdict(file, keys, trust, secrets, read) {
  const { opened: state, ...found } = judge(file, trust);
  if (state === undefined) return found;
  for (const section of ["m", "c"])
    found[section] = await readSection(state, keys, section, secrets[read[section]], secrets.shares[section]);
  return found;
}

const at = (name) => join(process.argv[2], name);
const json = (name) => JSON.parse(readFileSync(at(name), "utf8"));
const verdicts = {};
const [base, baseKeys, secrets] = [readFileSync(at("base.ep")), readFileSync(at("base.keys")), json("base.secrets.json")];
for (const name of readdirSync(at("vectors"))) {
  const vector = json(`vectors/${name}`);
  const trust = vector.trust === "device" ? secrets.device : vector.trust;
  const [file, keys] = [edited(base, vector.episode), edited(baseKeys, vector.keys)];
  verdicts[name.replace(/\.json$/, "")] = await verdict(file, keys, trust, secrets, vector.read);
}
const others = json("secrets.json");
const roles = { m: "auditor", c: "employee" };
const [file, keys] = [readFileSync(at("reference.ep")), readFileSync(at("reference.keys"))];
verdicts.reference = await verdict(file, keys, others.device_vkey, others, roles);
process.stdout.write(JSON.stringify(verdicts));
