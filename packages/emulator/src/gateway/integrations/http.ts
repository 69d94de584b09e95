import type { HttpTarget } from "../../terraform/integrations.ts";
import type { BackendRequest, BackendResponse } from "./mapping.ts";

/** Sends a request to an HTTP backend. Undefined if the request fails or is aborted. */
export async function sendHttp(
  { method, uri }: HttpTarget,
  { body, parameters }: BackendRequest,
  signal: AbortSignal,
): Promise<BackendResponse | undefined> {
  const url = new URL(
    uri.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters.path[name] ?? "")),
  );
  for (const [name, value] of Object.entries(parameters.querystring)) url.searchParams.append(name, value);
  const hasBody = method !== "GET" && method !== "HEAD";
  try {
    const response = await fetch(url, {
      method: method === "ANY" ? "POST" : method,
      headers: { "content-type": "application/json", ...parameters.header },
      ...(hasBody && { body }),
      redirect: "manual",
      signal,
    });
    const { status, headers } = response;
    return { selector: String(status), status, headers, body: await response.text() };
  } catch {
    return undefined;
  }
}
