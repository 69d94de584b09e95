import { createRequire } from "node:module";

// aws4 is CommonJS: its `require("crypto")` stays in the bundle, and an ES module has no `require`. Imported first.
Object.assign(globalThis, { require: createRequire(import.meta.url) });
