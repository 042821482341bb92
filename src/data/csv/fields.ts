/** What is looked for between the fields of a CSV file; any other character may be declared. */
export const delimiters = [",", ";", "\t", "|"] as const;

/**
 * The records of a text, quotation marks resolved (RFC 4180; blanks around a quoted field are allowed). Blank lines are left out.
 * For samples: no mistake is reported here.
 */
export function fieldsOf(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { field, end } = fieldAt(text, at, delimiter);
    record.push(field);
    at = end;
    if (text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      record.push("");
    }
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
  return records;
}

function fieldAt(text: string, start: number, delimiter: string): { field: string; end: number } {
  let at = start;
  while (text[at] === " ") at++;
  if (text[at] !== '"') return plainField(text, start, delimiter);
  let field = "";
  for (;;) {
    const close = text.indexOf('"', at + 1);
    if (close < 0) return { field: field + text.slice(at + 1), end: text.length };
    field += text.slice(at + 1, close);
    if (text[close + 1] !== '"') return { field, end: plainField(text, close + 1, delimiter).end };
    field += '"';
    at = close + 1;
  }
}

function plainField(text: string, start: number, delimiter: string): { field: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return { field: text.slice(start, end), end };
}
