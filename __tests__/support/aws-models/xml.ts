/** An element, without its namespace and attributes: AWS's models put neither into requests that are read here. */
export interface Element {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Element[];
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)([^>]*?)(\/?)>|([^<]+)/gy;

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Reads the XML that AWS's clients write. Throws where it is not well-formed. */
export function parseXml(xml: string): Element {
  const root: Open = { name: "", text: "", children: [] };
  const open: Open[] = [root];
  let end = 0;
  for (const [token, closes, qualified = "", , empty, text] of xml.matchAll(TOKEN)) {
    end += token.length;
    if (text !== undefined) (open.at(-1) as Open).text += unescaped(text);
    else if (closes) close(open, localName(qualified));
    else if (qualified) start(open, localName(qualified), Boolean(empty));
  }
  const [element] = root.children;
  if (end === xml.length && open.length === 1 && element && root.children.length === 1) return element;
  throw new Error(`The body is not well-formed XML after ${end} of ${xml.length} characters.`);
}

const localName = (qualified: string): string => qualified.replace(/^.*:/, "");

function start(open: Open[], name: string, isEmpty: boolean): void {
  const element: Open = { name, text: "", children: [] };
  open.at(-1)?.children.push(element);
  if (!isEmpty) open.push(element);
}

function close(open: Open[], name: string): void {
  const last = open.pop();
  if (last?.name !== name) throw new Error(`The body is not well-formed XML: </${name}> closes <${last?.name}>.`);
}

const unescaped = (text: string): string =>
  text.replaceAll(/&(#x?[\da-f]+|\w+);/gi, (entity, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? entity;
    return String.fromCodePoint(Number(name.replace("#", "").replace(/^x/i, "0x")));
  });
