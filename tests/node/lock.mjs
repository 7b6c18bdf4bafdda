// lock.mjs [--armor] RECIPIENT... | --passphrase FILE  < plaintext > age file
import { readFileSync } from "node:fs";
import { Encrypter, armor } from "age-encryption";

const [first, ...rest] = process.argv.slice(2);
const encrypter = new Encrypter();
if (first === "--passphrase") {
  encrypter.setScryptWorkFactor(8);
  encrypter.setPassphrase(readFileSync(rest[0], "utf8"));
} else {
  for (const recipient of first === "--armor" ? rest : [first, ...rest]) encrypter.addRecipient(recipient);
}
const file = await encrypter.encrypt(readFileSync(0));
process.stdout.write(first === "--armor" ? armor.encode(file) : file);
