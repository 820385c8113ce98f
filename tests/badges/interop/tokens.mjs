// Usage: node tokens.mjs FOLDER
// FOLDER holds tokens.json: {"urls": {address: document or token}, "base": our address, "did": our DID,
// "schema": {…}, "checks": [{"token": VC-JWT, "now": moment}, …]}.
// Prints one JSON list: for each token what jose says by each way to its key, its header and claims,
// the schema's errors, and its bit in the status list, read with Node's own zlib.
import {readFileSync} from "node:fs";
import {gunzipSync} from "node:zlib";
import Ajv2019 from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
import {createLocalJWKSet, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify} from "jose";

const {urls, base, did, schema, checks} = JSON.parse(readFileSync(`${process.argv[2]}/tokens.json`));

const ajv = new Ajv2019({strict: false, allErrors: true});
addFormats(ajv);
const validate = ajv.compile(schema);

function get(url) {
  if (!(url in urls)) throw new Error(`not at hand: ${url}`);
  return urls[url];
}

const ways = {
  jwks: createLocalJWKSet(get(`${base}/.well-known/jwks.json`)),
  key: ({kid}) => importJWK(get(`${base}/keys/${kid.split("#")[1]}`), "RS256"),
  did: ({kid}) => {
    const {assertionMethod, verificationMethod} = get(`${base}/.well-known/did.json`);
    if (!assertionMethod.includes(kid)) throw new Error(`not for assertions: ${kid}`);
    return importJWK(verificationMethod.find(({id}) => id === kid).publicKeyJwk, "RS256");
  },
};

async function said(token, key, options) {
  try {
    await jwtVerify(token, key, {issuer: did, typ: "JWT", ...options});
    return "valid";
  } catch (error) {
    return error.code ?? String(error);
  }
}

// Open Badges 3.0, section 8.2: each registered claim repeats a member.
function differing(payload) {
  const seconds = (moment) => moment === undefined ? undefined : Date.parse(moment) / 1000;
  const expected = {
    iss: payload.issuer?.id ?? payload.issuer,
    jti: payload.id,
    nbf: seconds(payload.validFrom),
    sub: payload.credentialSubject.id,
    exp: seconds(payload.validUntil),
  };
  return Object.keys(expected).filter((name) => payload[name] !== expected[name]);
}

// Bitstring Status List 1.0, section 3.2; throws what is wrong.
async function bit(entry, currentDate) {
  const token = get(entry.statusListCredential);
  const {payload} = await jwtVerify(token, ways.did, {issuer: did, typ: "JWT", currentDate});
  const {type, statusPurpose, encodedList} = payload.credentialSubject;
  if (differing(payload).length) throw new Error(`claims of the list: ${differing(payload)}`);
  if (payload.id !== entry.statusListCredential) throw new Error(`another list: ${payload.id}`);
  if (type !== "BitstringStatusList" || statusPurpose !== entry.statusPurpose) throw new Error("another purpose");
  if (!/^u[A-Za-z0-9_-]+$/.test(encodedList)) throw new Error("no multibase base64url");
  const bits = gunzipSync(Buffer.from(encodedList.slice(1), "base64url"));
  if (bits.length * 8 < 131072) throw new Error("fewer entries than the standard's minimum");
  const index = Number(entry.statusListIndex);
  const all = bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  return {set: Boolean((bits[index >> 3] >> (7 - (index & 7))) & 1), all};
}

const answers = [];
for (const {token, now} of checks) {
  const currentDate = new Date(now);
  const answer = {by: {}};
  for (const [name, key] of Object.entries(ways)) answer.by[name] = await said(token, key, {currentDate});
  const payload = decodeJwt(token);
  answer.header = decodeProtectedHeader(token);
  answer.differing = differing(payload);
  answer.schema = validate(payload) ? [] : validate.errors.map((one) => `${one.instancePath} ${one.message}`);
  answer.bit = await bit(payload.credentialStatus, currentDate).catch((error) => ({error: String(error)}));
  answers.push(answer);
}
console.log(JSON.stringify(answers));
