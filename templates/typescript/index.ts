// What customers can do in Stripe's customer portal, and the events that the app gets.
//
// Prices are named by lookup key, so that the stacks `test` and `live` share every
// line; what differs between them is in `Pulumi.test.yaml` and `Pulumi.live.yaml`.

import * as pulumi from "@pulumi/pulumi";
import {
  DefaultPortalConfiguration,
  PortalConfiguration,
  WebhookEndpoint,
} from "pulumi-stripe-portal";

const site = new pulumi.Config().require("site");

// For sessions that name no configuration. It is the one that the Dashboard edits: what
// is switched on there, this program switches off.
const defaultPortal = new DefaultPortalConfiguration("default", {
  default_return_url: `${site}/account`,
  features: {
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
  },
  undeclared_features: "off",
});

// For sessions of customers who may switch between plans. It waits for the default:
// else it could become that, in an account that has none.
const plansPortal = new PortalConfiguration(
  "plans",
  {
    name: "Basic and Pro",
    default_return_url: `${site}/account`,
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: "at_period_end" },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price"],
        proration_behavior: "create_prorations",
        products: [
          { prices: [{ lookup_key: "basic_monthly" }] },
          { prices: [{ lookup_key: "pro_monthly" }] },
        ],
      },
    },
  },
  { dependsOn: [defaultPortal] },
);

const events = new WebhookEndpoint("events", {
  url: `${site}/webhooks/stripe`,
  enabled_events: [
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
  ],
});

export const plans = plansPortal.id;
export const webhookSecret = events.secret;
