// What the kernel says of a process and its children.
import fs from 'node:fs';

function family(pid) {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return [pid, ...children.flatMap(child => family(Number(child)))];
}

/// Shared pages counted in proportion.
export function residentBytes(pid) {
  const own = each => Number(fs.readFileSync(`/proc/${each}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+) kB/m)[1]) * 1024;
  return family(pid).reduce((sum, each) => sum + own(each), 0);
}

const loopback = ['0100007F', '00000000000000000000000001000000'];

/// How many TCP sockets the process and its children listen on, and the addresses of those that are not on loopback.
export function listeners(pid) {
  const inodes = new Set(family(pid).flatMap(each => fs.readdirSync(`/proc/${each}/fd`).map(fd => {
    try {
      return fs.readlinkSync(`/proc/${each}/fd/${fd}`).match(/^socket:\[(\d+)\]$/)?.[1];
    } catch {
      return undefined;
    }
  })));
  const rows = ['tcp', 'tcp6'].flatMap(name => fs.readFileSync(`/proc/net/${name}`, 'utf8').trim().split('\n').slice(1))
    .map(line => line.trim().split(/\s+/)).filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.has(inode));
  return { open: rows.length, other: rows.map(([, local]) => local).filter(local => !loopback.includes(local.split(':')[0])) };
}
