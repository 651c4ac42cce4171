// Names as platforms make them. From what they name, so that a run makes the same ones again; none is a real one's.
import { createHash } from 'node:crypto';

const hash = (text, kind = 'sha256') => createHash(kind).update(text).digest();

function digits(number, alphabet, length) {
  let out = '';
  for (let left = number; out.length < length; left /= BigInt(alphabet.length)) out = alphabet[Number(left % BigInt(alphabet.length))] + out;
  return out;
}

const wide = (text, kind) => BigInt(`0x${hash(text, kind).toString('hex')}`);
const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/// Bluesky: an account, a record's content, and a record's key, which sorts by the time it was made.
export const did = handle => `did:plc:${digits(wide(handle), base32, 24)}`;
export const cid = content => `bafyrei${digits(wide(content), base32, 52)}`;
export const tid = (ms, salt = 0) => digits((BigInt(Math.floor(ms)) * 1000n << 10n) + BigInt(salt % 1024),
                                            '234567abcdefghijklmnopqrstuvwxyz', 13);

/// Misskey (aidx): the milliseconds since 2000, then who made it and a count.
export const aidx = (ms, count) => Math.floor(ms - Date.UTC(2000, 0)).toString(36).padStart(8, '0') + 'cmpd' + count.toString(36).padStart(4, '0');

export function uuid(text) {
  const hex = hash(text, 'md5').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
export const shortUuid = id => digits(BigInt(`0x${id.replaceAll('-', '')}`), base58, 22);

/// YouTube: a channel and a video.
export const channelId = name => `UC${digits(wide(name), base64url, 22)}`;
export const videoId = name => digits(wide(name), base64url, 11);
