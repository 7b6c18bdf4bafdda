// open.mjs IDENTITY-FILE | --passphrase FILE  < age file > plaintext; exit 1 when no key fits or the file was changed.
import { readFileSync } from "node:fs";
import { Decrypter } from "age-encryption";

const [first, second] = process.argv.slice(2);
const decrypter = new Decrypter();
if (first === "--passphrase") decrypter.addPassphrase(readFileSync(second, "utf8"));
else {
  // As stock age reads it: empty lines and comments say nothing.
  const lines = readFileSync(first, "utf8").split("\n").map((line) => line.trim());
  for (const line of lines) if (line && !line.startsWith("#")) decrypter.addIdentity(line);
}
try {
  process.stdout.write(await decrypter.decrypt(readFileSync(0)));
} catch (problem) {
  console.error(problem.message);
  process.exit(1);
}
