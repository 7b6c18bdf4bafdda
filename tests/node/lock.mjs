// lock.mjs RECIPIENT... < plaintext > age file
import { readFileSync } from "node:fs";
import { Encrypter } from "age-encryption";

const encrypter = new Encrypter();
for (const recipient of process.argv.slice(2)) encrypter.addRecipient(recipient);
process.stdout.write(await encrypter.encrypt(readFileSync(0)));
