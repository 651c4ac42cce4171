// RFC 4180, strictly: CRLF ends every row, a quote opens only at the start of a cell and closes only before a comma or CRLF.
export function parseCsv(text) {
  const rows = [];
  let at = 0;
  while (at < text.length) {
    const row = [];
    for (;;) {
      const [cell, next] = text[at] === '"' ? quoted(text, at) : bare(text, at);
      row.push(cell);
      at = next;
      if (text[at] !== ',') break;
      at += 1;
    }
    if (text.slice(at, at + 2) !== '\r\n')
      throw new Error(`no CRLF at the end of row ${rows.length + 1}: ${JSON.stringify(text.slice(at, at + 30))}`);
    at += 2;
    rows.push(row);
  }
  return rows;
}

function quoted(text, from) {
  let cell = '';
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') cell += text[(at += 1)];
    else return [cell, at + 1];
  }
  throw new Error(`a quoted cell never ends: ${JSON.stringify(text.slice(from, from + 30))}`);
}

function bare(text, from) {
  const [cell] = text.slice(from).match(/^[^,\r\n"]*/);
  return [cell, from + cell.length];
}
