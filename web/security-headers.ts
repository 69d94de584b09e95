/**
 * What the page may load and connect to: its own files, and the given origins. Neither inline code nor inline styles are
 * allowed, and no code can turn text into markup: `trusted-types 'none'` refuses `innerHTML`.
 *
 * `connectsTo` has the origin of the chat twice, as `wss://…` and as `https://…`: after several refused handshakes, the client
 * requests the second to find out whether the network works.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
export const contentSecurityPolicy = (connectsTo: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...connectsTo].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");

/** The headers of every response that serves the page. */
export const securityHeaders = (connectsTo: readonly string[]): Readonly<Record<string, string>> => ({
  "Content-Security-Policy": contentSecurityPolicy(connectsTo),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
});
