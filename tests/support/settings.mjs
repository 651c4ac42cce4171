// The two files a daemon is started with, written from plain values.
const bareDate = /^\d{4}-\d{2}-\d{2}$/;

function value(of) {
  if (Array.isArray(of)) return `[${of.map(value).join(', ')}]`;
  if (typeof of === 'string' && bareDate.test(of)) return of;                  // a local date, as TOML has it
  return JSON.stringify(of);
}

const lines = table => Object.entries(table).filter(([, of]) => of !== undefined).map(([key, of]) => `${key} = ${value(of)}\n`).join('');
const real = number => (Number.isInteger(number) ? number.toFixed(1) : String(number));

/// campaignd.toml for a daemon that lives in `world`.
export function daemonToml(world, { listen = '127.0.0.1:0', clock, profile = 'standard' } = {}) {
  return [
    lines({ include: ['campaign.toml'] }),
    `[serve]\n${lines({ listen })}`,
    `[fetch]\n${lines({ contact: 'https://example.org/contact', allow: ['127.0.0.0/8'], connect_to: world.connectTo(),
                        ca_file: world.ca, ports: [world.plainPort, world.tlsPort] })}`,
    ...(clock ? [`[clock]\nstart = ${new Date(clock.start).toISOString()}\nrate = ${real(clock.rate ?? 1)}\n`] : []),
    `[privacy]\n${lines({ profile })}`,
  ].join('\n');
}

/// campaign.toml: { campaign, editions, terms, partners, sources }.
export function campaignToml({ campaign = {}, editions, terms, partners = [], sources }) {
  const head = { id: 'test', name: 'A test campaign', zone: 'Europe/Warsaw', ...campaign };
  const each = (name, rows) => rows.map(row => `[[${name}]]\n${lines(row)}`);
  return [`[campaign]\n${lines(head)}`, ...each('edition', editions), ...each('term', terms),
          ...each('partner', partners), ...each('source', sources)].join('\n');
}

/// The edition most tests live in: around World Refugee Day 2025, long enough to hold the real today.
export const openEdition = { id: '2025', day: '2025-06-20', from: '2025-01-01', until: `${new Date().getUTCFullYear() + 1}-12-31` };
export const campaignTag = { id: 'tag', class: 'hashtag', text: 'AllInForIntegration' };
