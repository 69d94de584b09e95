import * as v from "valibot";

/** Where a service is. Credentials go over TLS, or stay on this machine. */
export const address = v.pipe(
  v.string(),
  v.url(),
  v.regex(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/),
  v.transform((url) => url.replace(/\/+$/, "")),
);
