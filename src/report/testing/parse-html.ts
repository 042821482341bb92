/** One element of a page, in document order. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Of script and style alone. */
  readonly content: string;
}

const empty = new Set(["meta", "link", "br", "img", "input", "hr"]);
const raw = new Set(["script", "style"]);
const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<]*")?)*)\s*(\/?)>/y;
const attribute = /([a-zA-Z][\w:-]*)(?:="([^"]*)")?/g;
const entity = /&(?!(?:amp|lt|gt|quot|nbsp|#\d+|#x[\da-f]+);)/i;

/** Reads a page as strictly as XML: every tag closed in order, every attribute quoted, no stray `<`, `>` or `&`. Throws where it is not so. */
export function parseHtml(page: string): { readonly elements: readonly Element[]; readonly text: string } {
  if (!page.startsWith("<!doctype html>")) throw new Error("no doctype");
  const elements: Element[] = [];
  const open: string[] = [];
  let text = "";
  let at = "<!doctype html>".length;
  while (at < page.length) {
    const next = page.indexOf("<", at);
    const between = page.slice(at, next < 0 ? page.length : next);
    if (between.includes(">") || entity.test(between)) throw new Error(`stray markup in text: ${between.slice(0, 80)}`);
    text += between;
    if (next < 0) break;
    tag.lastIndex = next;
    const found = tag.exec(page);
    if (found === null) throw new Error(`not a tag: ${page.slice(next, next + 80)}`);
    const [whole, close, name = "", given = "", selfClosed] = found;
    at = next + whole.length;
    if (close) {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last}>`);
      text += " ";
      continue;
    }
    let content = "";
    if (raw.has(name)) {
      const end = page.indexOf(`</${name}>`, at);
      content = page.slice(at, end);
      at = end;
    }
    elements.push({ name, attributes: attributesOf(given, name), content });
    if (!selfClosed && !empty.has(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(", ")}`);
  return { elements, text };
}

function attributesOf(given: string, name: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, key = "", value = ""] of given.matchAll(attribute)) {
    if (attributes.has(key)) throw new Error(`<${name}> has ${key} twice`);
    if (entity.test(value)) throw new Error(`stray & in ${key}: ${value.slice(0, 80)}`);
    attributes.set(key, value);
  }
  return attributes;
}
