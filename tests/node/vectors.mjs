// vectors.mjs > {name: base64} of the age vectors of C2SP's CCTV
import * as vectors from "cctv-age";

const encoded = Object.entries(vectors).map(([name, data]) => [name, Buffer.from(data).toString("base64")]);
process.stdout.write(JSON.stringify(Object.fromEntries(encoded)));
