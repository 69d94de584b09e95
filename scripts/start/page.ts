import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { PageConfig } from "../../web/page-config.ts";
import { securityHeaders } from "../../web/security-headers.ts";
import { buildWeb } from "../build-web.ts";

export interface PageOptions {
  /** The stage in the URL of the chat. */
  readonly stageName: string;
  readonly config: Omit<PageConfig, "url">;
  /** Returns a token of a user, for `signIn.tokenUrl`. Undefined if the user is unknown. */
  readonly tokenFor: (user: string) => Promise<string | undefined>;
}

export interface Page {
  readonly serve: RequestListener;
  /** Builds the page, which the first request does otherwise. */
  build(): void;
}

/** The content of each file of the page, by path. */
export type Files = ReadonlyMap<string, Buffer>;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The page, for the browsers of this machine: its server refuses requests for other hosts. */
export function createPage(options: PageOptions, buildFiles = builtFiles): Page {
  let files: Promise<Files> | undefined;
  const build = (): Promise<Files> => {
    files ??= buildFiles();
    return files;
  };
  return {
    serve(request, response) {
      respond(request, response, { ...options, files: build }).catch((fault: Error) => {
        send(response, { status: 500, body: `The page could not be built. ${fault.message}` });
      });
    },
    // A failure is the response to the first request.
    build: () => void build().catch(() => undefined),
  };
}

/** Builds the page in a temporary folder. The files are kept in memory. */
export async function builtFiles(): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "chat-page-"));
  try {
    await buildWeb(folder);
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const contents = await Promise.all(
      paths.map(async (path) => [path.slice(folder.length), await readFile(path)] as const),
    );
    return new Map(contents);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Responding extends PageOptions {
  readonly files: () => Promise<Files>;
}

interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

async function respond(request: IncomingMessage, response: ServerResponse, options: Responding): Promise<void> {
  const { host = "" } = request.headers;
  const answer = await answerTo(request, options);
  const { signIn } = options.config;
  const connectsTo = [`ws://${host}`, ...(signIn.kind === "cognito" ? [new URL(signIn.domain).origin] : [])];
  send(response, { ...answer, headers: { ...securityHeaders(connectsTo), ...answer.headers } });
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", ...headers });
  response.end(body);
}

async function answerTo(request: IncomingMessage, options: Responding): Promise<Answer> {
  const { method, headers } = request;
  const [path = "/"] = (request.url ?? "/").split("?");
  if (path === "/token" && method === "POST") return issueToken(request, options);
  if (method !== "GET" && method !== "HEAD")
    return { status: 405, body: "Method not allowed", headers: { Allow: "GET" } };
  if (path === "/config.json") {
    const config: PageConfig = { url: `ws://${headers.host}/${options.stageName}`, ...options.config };
    return json(config);
  }
  const name = path === "/" ? "/index.html" : path;
  const body = (await options.files()).get(name);
  if (!body) return { status: 404, body: "Not found" };
  const isHashed = name.startsWith("/assets/");
  const cache = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
  const type = TYPES[extname(name)] ?? "application/octet-stream";
  return { status: 200, body, headers: { "Content-Type": type, "Cache-Control": cache } };
}

/** A page of another site cannot send JSON here: the browser would ask first, and this server does not allow it. */
async function issueToken(request: IncomingMessage, { tokenFor }: Responding): Promise<Answer> {
  if (request.headers["content-type"] !== "application/json") return { status: 415, body: "Send JSON." };
  const user = userIn(await text(request));
  if (user === undefined) return { status: 400, body: 'Send a user, such as {"user":"anna"}.' };
  const token = await tokenFor(user);
  return token === undefined ? { status: 403, body: `There is no user "${user}".` } : json({ token });
}

function userIn(body: string): string | undefined {
  try {
    const { user } = JSON.parse(body);
    return typeof user === "string" ? user : undefined;
  } catch {
    return undefined;
  }
}

const json = (value: object): Answer => ({
  status: 200,
  body: JSON.stringify(value),
  headers: { "Content-Type": "application/json" },
});
