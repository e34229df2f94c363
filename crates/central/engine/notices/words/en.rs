//! English.

use counterfoil_domain::notice::NoticeKind;

/// Subject and text.
pub(super) const fn of(kind: NoticeKind) -> (&'static str, &'static str) {
    match kind {
        NoticeKind::ApplicationReceived => ("{operator} has received your application", RECEIVED),
        NoticeKind::ApplicationApproved => ("{business}: welcome to {operator}", APPROVED),
        NoticeKind::ApplicationRejected => ("Your application to {operator}", REJECTED),
        NoticeKind::LowCredit => ("{company}: your credit is low", LOW),
        NoticeKind::CreditMoved => ("{company}: your credit has changed", MOVED),
        NoticeKind::TopUpRejected => ("{company}: your request for credit is rejected", TOP_UP_REJECTED),
        NoticeKind::CreditFunded => ("{company}: credit from {upline}", CREDIT_FUNDED),
        NoticeKind::CreditTakenBack => ("{company}: {upline} has taken credit back", CREDIT_TAKEN_BACK),
        NoticeKind::DownlineCredit => ("{company}: credit moved with {downline}", DOWNLINE_CREDIT),
        NoticeKind::PayoutApproved => ("{company}: your payout is approved", PAYOUT_APPROVED),
        NoticeKind::PayoutSent => ("{company}: your payout is on its way", PAYOUT_SENT),
        NoticeKind::PayoutFailed => ("{company}: your payout did not arrive", PAYOUT_FAILED),
        NoticeKind::OrderPlaced => ("{company}: new order {contract}", ORDER_PLACED),
        NoticeKind::OrderWaiting => ("{company}: order {contract} waits", ORDER_WAITING),
        NoticeKind::ServicesEnding => ("{company}: services that end soon", SERVICES_ENDING),
        NoticeKind::OrderReceived => ("Your order {contract} at {company}", ORDER_RECEIVED),
        NoticeKind::OrderPaid => ("Your order {contract}: paid", ORDER_PAID),
        NoticeKind::OrderPending => ("Your order {contract} is being delivered", ORDER_PENDING),
        NoticeKind::OrderDelivered => ("Your order {contract}: delivered", ORDER_DELIVERED),
        NoticeKind::OrderFailed => ("Your order {contract} cannot be delivered", ORDER_FAILED),
        NoticeKind::OrderCancelled => ("Your order {contract} is cancelled", ORDER_CANCELLED),
        NoticeKind::OrderRefunded => ("Your order {contract}: money back", ORDER_REFUNDED),
        NoticeKind::AccountCreated => ("Your account at {company}", ACCOUNT_CREATED),
        NoticeKind::CodeActivated => ("Your code at {company} is activated", CODE_ACTIVATED),
        NoticeKind::ExpirySoon => ("Your service at {company} ends on {last_day}", EXPIRY_SOON),
    }
}

const RECEIVED: &str = "\
Dear {name},

Thank you. {operator} has received the application of {business} and will decide soon. The answer comes to this address.

If you did not apply, tell us by answering this e-mail.

{operator}
";

const APPROVED: &str = "\
Dear {name},

{operator} has approved the application of {business}. You can start at once:

1. Install Counterfoil and sign in as a reseller.
   Server: {server}
   User name: {username}
   Password: the one you chose when you applied
2. Buy credit from {operator}.
3. On the Credit page, take credit to this device. From then on you can sell there, also without a network.
4. Sell your first code on the Sell page.

We never ask for your password. If you have forgotten it, answer this e-mail and we set a new one.

{operator}
";

const REJECTED: &str = "\
Dear {name},

Thank you for the application of {business}. {operator} cannot approve it:

{reason}

If this changes, you are welcome to apply again.

{operator}
";

const LOW: &str = "\
To {company},

You have {balance} left, which is less than {threshold}. Buy credit or ask for it on the Credit page, so that you can go
on selling.

{operator}
";

const MOVED: &str = "\
To {company},

{operator} has booked {amount} ({movement}). Note: {note}

You now have {balance}. Every line is on the Credit page.

{operator}
";

const PAYOUT_APPROVED: &str = "\
To {company},

Your payout of {amount} ({description}) is approved. We tell you when it is sent.

{operator}
";

const PAYOUT_SENT: &str = "\
To {company},

Your payout of {amount} ({description}) is sent. You find it under: {reference}

{operator}
";

const PAYOUT_FAILED: &str = "\
To {company},

Your payout of {amount} ({description}) did not work:

{reason}

The amount is available again. Ask for it once more on the Earnings page.

{operator}
";

const ORDER_PLACED: &str = "\
To {company},

{name} has ordered on the market:

{contract}: {quantity} × {offering}, delivered by {provider}
Total: {total}

The customer pays you directly. Record the payment on the Orders page, then see to the delivery.

{operator}
";

const ORDER_WAITING: &str = "\
To {company},

Order {contract} of {name} ({offering}, delivered by {provider}) has waited for {waiting}.

{next}

{operator}
";

const SERVICES_ENDING: &str = "\
To {company},

Services of your customers that end in the next {days} days: {count}

{list}

Extend them on the Accounts page, or offer your customers a code. How many days are looked at is set on the Mail page.

{operator}
";

const ORDER_RECEIVED: &str = "\
Dear {name},

{company} has your order {contract}:

{quantity} × {offering}
Total: {total}

You pay {company} directly; nothing was charged. Whoever has this address sees your order and what becomes of it, so keep
it to yourself:

{link}

{operator}
";

const ORDER_PAID: &str = "\
Dear {name},

{company} has your payment of {total} for order {contract} ({quantity} × {offering}). It is delivered next.

{link}

{operator}
";

const ORDER_PENDING: &str = "\
Dear {name},

{company} has asked for the delivery of your order {contract} ({quantity} × {offering}). You are told when it is there.

{link}

{operator}
";

const ORDER_DELIVERED: &str = "\
Dear {name},

Delivered of your order {contract} at {company} ({offering}): {units} now, that makes {delivered} of {quantity}. What you
need to use it is on the page of your order:

{link}

{operator}
";

const ORDER_FAILED: &str = "\
Dear {name},

Your order {contract} at {company} ({offering}) cannot be delivered, or not wholly:

{reason}

{company} gives you back what you paid for the rest.

{link}

{operator}
";

const ORDER_CANCELLED: &str = "\
Dear {name},

Your order {contract} at {company} ({offering}) is cancelled:

{reason}

You had not paid, and you owe nothing.

{link}

{operator}
";

const ORDER_REFUNDED: &str = "\
Dear {name},

{company} has given you back {amount} of your order {contract} ({offering}). That makes {refunded} in all.

{reason}

{link}

{operator}
";

const TOP_UP_REJECTED: &str = "\
To {company},

Your request for {amount} is rejected:

{reason}

Nothing was booked. You can ask again on the Credit page.

{operator}
";

const CREDIT_FUNDED: &str = "\
To {company},

{upline} has given you {amount}. Note: {note}

You now have {balance}. Every line is on the Credit page.

{operator}
";

const CREDIT_TAKEN_BACK: &str = "\
To {company},

{upline} has taken back {amount} that it gave you. Note: {note}

You now have {balance}. Every line is on the Credit page.

{operator}
";

const DOWNLINE_CREDIT: &str = "\
To {company},

{done} {downline}: {amount}. Note: {note}

You now have {balance}. Every line is on the Credit page.

{operator}
";

const ACCOUNT_CREATED: &str = "\
Hello,

{company} has made an account for you.

User name: {username}
Plan: {plan}
Service until the end of: {last_day}

{company} gives you the password. We never send it by e-mail.

{operator}
";

const CODE_ACTIVATED: &str = "\
Hello,

Your code from {company} is activated.

User name: {username}
Plan: {plan}
Service until the end of: {last_day}

If this was not you, tell {company}.

{operator}
";

const EXPIRY_SOON: &str = "\
Hello,

Your service at {company} ends soon.

User name: {username}
Plan: {plan}
Service until the end of: {last_day}

Ask {company} to extend it. What you buy before the end is added to it, so you lose no day.

{operator}
";
