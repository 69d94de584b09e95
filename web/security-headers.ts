/** The origins that the page connects to. */
export interface PageConnections {
  /** The origin of the chat, such as `wss://a1b2c3.execute-api.eu-west-2.amazonaws.com`. */
  readonly webSocket: string;
  /** The origin that issues tokens, such as that of a Cognito user pool; undefined if the page has none. */
  readonly signIn?: string | undefined;
}

/**
 * The headers of every response that serves the page. Neither inline code nor inline styles are allowed, and no code can turn
 * text into markup: `trusted-types 'none'` refuses `innerHTML`.
 */
export const securityHeaders = ({ webSocket, signIn }: PageConnections): Readonly<Record<string, string>> => ({
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", webSocket, ...(signIn === undefined ? [] : [signIn])].join(" "),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
});
