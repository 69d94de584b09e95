/** Whose tokens are taken, and what they say. */
export interface TokenRules {
  /** Exactly as it stands in tokens; its keys are found by way of it. */
  readonly issuer: string;
  readonly audience: string;
  /** Cognito's access tokens name their audience in a claim of their own, and say what they are for. */
  readonly kind: "cognito" | "jwt";
  /** The claim with who somebody is: one that the issuer keeps unique, and nobody can change. */
  readonly userClaim: string;
  readonly groupsClaim: string;
  /** A connection ends with the token that opened it. */
  readonly closeAtExpiry: boolean;
}
