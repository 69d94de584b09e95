import type { IncomingMessage } from "node:http";

/**
 * Whether a request can come only from a page of this port, or from a program on this machine. A page of another origin
 * sends its origin with each POST and with each request whose response it can read, and browsers mark its other
 * requests. The `Host` header was checked before: see `refuseOtherSites`. Other ports of loopback are other origins.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isOwnPage({ headers }: IncomingMessage): boolean {
  const { origin, host, "sec-fetch-site": site = "none" } = headers;
  return (origin === undefined || origin === `http://${host}`) && (site === "none" || site === "same-origin");
}

/** A link on any page may lead to the inspector page, which contains no data. */
export const isNavigation = ({ headers }: IncomingMessage): boolean =>
  headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
