// Ids of WhatsApp Flows, made by `flowsync ids`. Do not edit.
// Target: staging
// Command: flowsync ids --target staging
// Without an id here: gone

export const FLOW_BOOKING = "1170000000000001" as const;
export const FLOW_SUPPORT_FLOW_2 = "x_-9" as const;
export const FLOW_2FA_LOGIN = "7" as const;

// prettier-ignore
export const FLOWS = {
  "booking": {
    id: FLOW_BOOKING,
    name: "Booking",
    status: "PUBLISHED",
  },
  "support/flow-2": {
    id: FLOW_SUPPORT_FLOW_2,
    name: "<b>| `rm` ``` \u001b[31mred\u001b]0;title\u0007 \u009b31m a\u202egnp.b \u2066x\u2069 first\nsecond\r::error::third ::error::boo a\u2028b\u2029c\u0085d a\u200bb\ufeffc\u00adc x\udb40\udc41y \ud800 \u0000 \ud83d\ude00 */ ${x}",
    status: "<b>| `rm` ``` \u001b[31mred\u001b]0;title\u0007 \u009b31m a\u202egnp.b \u2066x\u2069 first\nsecond\r::error::third ::error::boo a\u2028b\u2029c\u0085d a\u200bb\ufeffc\u00adc x\udb40\udc41y \ud800 \u0000",
  },
  "2fa.login": {
    id: FLOW_2FA_LOGIN,
    name: "\"\\",
    status: "DRAFT",
  },
} as const;

export type FlowKey = keyof typeof FLOWS;
