// A certificate authority that lives as long as a test, and one leaf that names every host of the world.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const authority = `
[req]
distinguished_name = name
x509_extensions = authority
prompt = no
[name]
CN = campaignd test world
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

const leaf = hosts => `
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = ${['IP:127.0.0.1', ...hosts.map(host => `DNS:${host}`)].join(', ')}
`;

/// Writes ca.pem and a leaf for `hosts` into `dir`; gives { ca, cert, key }: the path of the first, the bytes of the others.
export function makeCertificates(dir, hosts) {
  fs.mkdirSync(dir, { recursive: true });
  const at = name => path.join(dir, name);
  const openssl = (...words) => execFileSync('openssl', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

  fs.writeFileSync(at('authority.cnf'), authority);
  fs.writeFileSync(at('leaf.cnf'), leaf(hosts));
  openssl('req', '-x509', ...newKey, '-config', at('authority.cnf'), '-days', '30', '-keyout', at('ca.key'), '-out', at('ca.pem'));
  openssl('req', '-new', ...newKey, '-config', at('authority.cnf'), '-subj', '/CN=leaf', '-keyout', at('leaf.key'), '-out', at('leaf.csr'));
  openssl('x509', '-req', '-in', at('leaf.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial',
          '-days', '30', '-extfile', at('leaf.cnf'), '-out', at('leaf.pem'));
  return { ca: at('ca.pem'), cert: fs.readFileSync(at('leaf.pem')), key: fs.readFileSync(at('leaf.key')) };
}
