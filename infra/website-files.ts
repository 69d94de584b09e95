import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

/** A file of the built page. */
export interface WebsiteFile {
  /** The path in the URL, without a leading slash: `assets/index-B3x9.js`. */
  readonly path: string;
  /** Where the file is on this machine. */
  readonly file: string;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Hexadecimal SHA-256 of the content. */
  readonly hash: string;
}

export const START_PAGE = "index.html";

/** The file that the stack writes, with the WebSocket address and how users sign in. */
export const CONFIG_FILE = "config.json";

/** Browsers ask whether the file has changed before they use their copy. */
export const REVALIDATED = "no-cache";

/** Vite puts a hash of the content into the name of each file in this folder, so the content of a name never changes. */
const HASHED_FOLDER = "assets/";
const IMMUTABLE = "public, max-age=31536000, immutable";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Lists the files of a built page, sorted by path. Throws if the folder cannot be a page. */
export function readWebsite(folder: string): readonly WebsiteFile[] {
  if (!existsSync(join(folder, START_PAGE))) {
    throw new Error(
      `The built website in ${folder} has no ${START_PAGE}. Check that scripts/build-web.ts writes it, or remove the setting website in infra/environments.ts.`,
    );
  }
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join("/"))
    .sort();
  if (paths.includes(CONFIG_FILE)) {
    throw new Error(
      `The built website has a file ${CONFIG_FILE}, which the stack writes itself. Give it another name.`,
    );
  }
  return paths.map((path) => websiteFile(folder, path));
}

function websiteFile(folder: string, path: string): WebsiteFile {
  const contentType = CONTENT_TYPES[extname(path)];
  if (contentType === undefined) {
    throw new Error(
      `The content type of ${path} in the built website is unknown. Allowed file name extensions: ${Object.keys(CONTENT_TYPES).join(" ")}. Rename the file, or add its type in infra/website-files.ts.`,
    );
  }
  const file = join(folder, path);
  return {
    path,
    file,
    contentType,
    cacheControl: path.startsWith(HASHED_FOLDER) ? IMMUTABLE : REVALIDATED,
    hash: createHash("sha256").update(readFileSync(file)).digest("hex"),
  };
}
