// What a database should hold after a recorded campaign, and what it does hold.
import { rows } from './daemon.mjs';
import { optedOut } from './harness.mjs';

// A bridged post may be kept under its original's name; both are one identity.
const identity = uri => uri.replace(/^https:\/\/bsky\.brid\.gy\/convert\/ap\//, '');

/// The identities to be stored and those to be counted only.
export function expectedPosts(statuses) {
  const split = away => statuses.filter(status => optedOut(status) === away).map(({ uri }) => identity(uri));
  return { stored: split(false), away: split(true) };
}

/// The identities in table post: doubled, missing(expected), unexpected(expected), and how many.
export async function storedPosts(database) {
  const stored = (await rows(database, 'SELECT uri FROM post')).map(({ uri }) => identity(uri));
  const seen = new Set(stored);
  return {
    count: stored.length,
    doubled: stored.filter((uri, at) => stored.indexOf(uri) !== at),
    missing: expected => expected.stored.filter(uri => !seen.has(uri)),
    unexpected: expected => stored.filter(uri => !expected.stored.includes(uri)),
  };
}

/// A word of the file itself about its health: 'ok', or what is wrong.
export async function integrity(database) {
  return (await rows(database, 'PRAGMA integrity_check')).map(row => row.integrity_check).join('; ');
}
