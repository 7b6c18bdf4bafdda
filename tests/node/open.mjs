// open.mjs IDENTITY-FILE < age file > plaintext; exit 1 when no identity fits or the file was changed.
import { readFileSync } from "node:fs";
import { Decrypter } from "age-encryption";

const decrypter = new Decrypter();
decrypter.addIdentity(readFileSync(process.argv[2], "utf8").trim());
try {
  process.stdout.write(await decrypter.decrypt(readFileSync(0)));
} catch (problem) {
  console.error(problem.message);
  process.exit(1);
}
