import * as v from "valibot";
import { group, text } from "./rules.ts";

/** A top-level domain of another script begins with `xn--` and can have digits, such as `xn--p1ai`. */
export const TOP_LEVEL_DOMAIN = String.raw`([a-z]{2,63}|xn--[a-z\d-]{1,58}[a-z\d])`;
const DOMAIN_NAME = new RegExp(String.raw`^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+${TOP_LEVEL_DOMAIN}$`);

/** ACM's limit for the first name of a certificate. https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const CERTIFICATE_NAME_CHARACTERS_MAX = 64;

export const domainName = text(DOMAIN_NAME, 'a domain name in lower case, such as "chat.example.com"');

/** A name for a custom domain, whose certificate and DNS records the stack creates. */
export const domain = v.pipe(
  group({
    name: v.pipe(
      domainName,
      v.maxLength(
        CERTIFICATE_NAME_CHARACTERS_MAX,
        `a name of at most ${CERTIFICATE_NAME_CHARACTERS_MAX} characters, which is ACM's limit`,
      ),
    ),
    /** The public zone in Route 53 that contains `name`. It must exist. */
    hostedZone: domainName,
  }),
  v.forward(
    v.check(({ name, hostedZone }) => `.${name}`.endsWith(`.${hostedZone}`), "a name in the domain's hostedZone"),
    ["name"],
  ),
);

export type Domain = Readonly<v.InferOutput<typeof domain>>;
