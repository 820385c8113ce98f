// Usage: node verify.mjs FOLDER
// FOLDER holds documents.json: {"urls": {address: document}, "schema": {…}, "now": moment,
// "credentials": [document, …]}.
// Prints one JSON list: for each credential whether others accept it, its status, and the schema's errors.
import {readFileSync} from "node:fs";
import {DataIntegrityProof} from "@digitalbazaar/data-integrity";
import {cryptosuite} from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import {checkStatus} from "@digitalbazaar/vc-bitstring-status-list";
import Ajv2019 from "ajv/dist/2019.js";
import addFormats from "ajv-formats";

const {urls, schema, now, credentials} = JSON.parse(readFileSync(`${process.argv[2]}/documents.json`));

// Answers from the file alone: an address that is not in it is an error, as it would be offline.
async function documentLoader(url) {
  const [base] = url.split("#");
  const document = urls[url] ?? urls[base];
  if (!document) throw new Error(`not at hand: ${url}`);
  const inside = base !== url && document.verificationMethod?.find((method) => method.id === url);
  const found = inside ? {"@context": "https://w3id.org/security/multikey/v1", ...inside} : document;
  return {contextUrl: null, documentUrl: url, document: found};
}

const ajv = new Ajv2019({strict: false, allErrors: true});
addFormats(ajv);
const validate = ajv.compile(schema);

const answers = [];
for (const credential of credentials) {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({
    credential,
    suite,
    documentLoader,
    now,
    checkStatus: (options) => checkStatus({...options, suite, documentLoader, verifyMatchingIssuers: true}),
  });
  answers.push({
    verified: result.verified,
    revoked: result.statusResult?.results?.some((one) => one.status) ?? null,
    status: result.statusResult?.verified ?? null,
    error: result.error ? String(result.error.errors?.[0] ?? result.error) : "",
    schema: validate(credential) ? [] : validate.errors.map((one) => `${one.instancePath} ${one.message}`),
  });
}
console.log(JSON.stringify(answers));
