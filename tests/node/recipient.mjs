// recipient.mjs IDENTITY-FILE > the recipient that belongs to it
import { readFileSync } from "node:fs";
import { identityToRecipient } from "age-encryption";

process.stdout.write(await identityToRecipient(readFileSync(process.argv[2], "utf8").trim()));
