//! The endpoint table: method, path, request and response of each call, stated once for both ends.

/// One call.
pub trait Endpoint {
    const METHOD: &'static str;
    /// Below the server's address; `{…}` stands for a path parameter.
    const PATH: &'static str;
    /// JSON body, or the query of a GET.
    type Request;
    type Response;
}

/// A path with its parameters put in, in order, percent-encoded.
pub fn path(template: &str, parameters: &[&str]) -> String {
    let mut parameters = parameters.iter();
    template
        .split('/')
        .map(|part| {
            if part.starts_with('{') { encode(parameters.next().copied().unwrap_or_default()) } else { part.to_owned() }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// Percent-encoded: nothing in it divides a path or a query.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => (byte as char).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident: $method:ident $path:literal, $request:ty => $response:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Endpoint for $name {
                const METHOD: &'static str = stringify!($method);
                const PATH: &'static str = $path;
                type Request = $request;
                type Response = $response;
            }
        )*

        /// Every endpoint as (method, path), for tests that visit them all.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($method), $path)),*];
    };
}

use crate::{
    accounts, api_keys, applications, audit, boxes, brand, bulk, codes, commission, credit_packs, credits, customers,
    dashboard, devices, drift, jobs, leases, live, lots, market, members, notices, order_import, orders, page,
    payments, payouts, permissions, plans, portals, prices, providers, public, pull, push, ranges, rates,
    relationships, reports, resellers, second_factor, sendings, sessions, settings, settlements, simulation, snapshot,
    staff, statistics, top_ups, troubleshooting,
};

endpoints! {
    /// Who this Central is; no sign-in needed.
    About: GET "/api/v1/about", () => public::About;

    AdminLogin: POST "/api/v1/admin/login", sessions::LoginRequest => sessions::SignedIn;
    ResellerLogin: POST "/api/v1/reseller/login", sessions::LoginRequest => sessions::SignedIn;
    SessionRefresh: POST "/api/v1/session/refresh", sessions::RefreshRequest => sessions::SignedIn;
    SessionLogout: POST "/api/v1/session/logout", () => ();
    AdminUnlockSignIn: POST "/api/v1/admin/sign-ins/unlock", sessions::UnlockSignIn => sessions::UnlockedSignIn;
    /// Names that are locked now.
    AdminSignIns: GET "/api/v1/admin/sign-ins", () => Vec<sessions::LockedName>;
    Sessions: GET "/api/v1/sessions", () => Vec<sessions::SessionView>;
    SessionDelete: DELETE "/api/v1/sessions/{id}", () => ();
    Me: GET "/api/v1/me", () => sessions::Me;
    MePassword: PUT "/api/v1/me/password", sessions::ChangePassword => ();

    AdminStaff: GET "/api/v1/admin/staff", page::PageQuery => page::Page<staff::StaffMember>;
    AdminStaffCreate: POST "/api/v1/admin/staff", staff::CreateStaff => staff::StaffWithPassword;
    AdminStaffMember: GET "/api/v1/admin/staff/{id}", () => staff::StaffMember;
    AdminStaffUpdate: PUT "/api/v1/admin/staff/{id}", staff::SaveStaff => staff::StaffMember;
    AdminStaffDisable: POST "/api/v1/admin/staff/{id}/disable", staff::StaffVersion => staff::StaffMember;
    AdminStaffEnable: POST "/api/v1/admin/staff/{id}/enable", staff::StaffVersion => staff::StaffMember;
    AdminStaffResetPassword: POST "/api/v1/admin/staff/{id}/reset-password", staff::StaffVersion => staff::StaffWithPassword;
    SecondFactorBegin: POST "/api/v1/me/second-factor", second_factor::BeginSecondFactor => second_factor::SecondFactorSecret;
    SecondFactorConfirm: PUT "/api/v1/me/second-factor", second_factor::ConfirmSecondFactor => second_factor::RecoveryCodes;
    SecondFactorEnd: DELETE "/api/v1/me/second-factor", second_factor::ProveSecondFactor => ();
    RecoveryCodesRenew: POST "/api/v1/me/second-factor/recovery", second_factor::ProveSecondFactor => second_factor::RecoveryCodes;
    AdminSecondFactorRemove: POST "/api/v1/admin/sign-ins/remove-second-factor", second_factor::RemoveSecondFactor => second_factor::RemovedSecondFactor;

    AdminPlans: GET "/api/v1/admin/plans", page::PageQuery => page::Page<plans::Plan>;
    AdminPlanCreate: POST "/api/v1/admin/plans", plans::SavePlan => plans::Plan;
    AdminPlan: GET "/api/v1/admin/plans/{id}", () => plans::Plan;
    AdminPlanUpdate: PUT "/api/v1/admin/plans/{id}", plans::SavePlan => plans::Plan;
    AdminResellers: GET "/api/v1/admin/resellers", page::PageQuery => page::Page<resellers::Reseller>;
    AdminResellerCreate: POST "/api/v1/admin/resellers", resellers::SaveReseller => resellers::Reseller;
    AdminReseller: GET "/api/v1/admin/resellers/{id}", () => resellers::Reseller;
    AdminResellerUpdate: PUT "/api/v1/admin/resellers/{id}", resellers::SaveReseller => resellers::Reseller;
    AdminCredits: GET "/api/v1/admin/resellers/{id}/credits", credits::CreditsQuery => credits::Statement;
    AdminPermissions: GET "/api/v1/admin/resellers/{id}/permissions", () => permissions::ResellerPermissions;
    AdminPermissionsUpdate: PUT "/api/v1/admin/resellers/{id}/permissions", permissions::SavePermissions => permissions::ResellerPermissions;
    AdminPermissionTemplates: GET "/api/v1/admin/permission-templates", () => Vec<permissions::PermissionTemplate>;
    AdminPermissionTemplateUpdate: PUT "/api/v1/admin/permission-templates/{name}", permissions::SaveTemplate => permissions::PermissionTemplate;
    /// With those that are revoked, the newest first.
    AdminApiKeys: GET "/api/v1/admin/resellers/{id}/api-keys", page::PageQuery => page::Page<api_keys::ApiKey>;
    AdminApiKeyRevoke: DELETE "/api/v1/admin/resellers/{id}/api-keys/{key_id}", () => api_keys::ApiKey;
    AdminPrices: GET "/api/v1/admin/resellers/{id}/prices", page::PageQuery => page::Page<prices::PlanPrice>;
    AdminPrice: GET "/api/v1/admin/resellers/{id}/prices/{plan_id}", () => prices::PriceHistory;
    AdminPriceSet: POST "/api/v1/admin/resellers/{id}/prices/{plan_id}", prices::SetPrice => prices::PriceHistory;
    AdminResellerRates: GET "/api/v1/admin/resellers/{id}/rates", () => commission::ResellerRates;
    AdminResellerRateSet: POST "/api/v1/admin/resellers/{id}/rates", commission::SetRate => commission::ResellerRates;
    /// What it may give for nothing, and how much of that is left.
    AdminResellerTrials: GET "/api/v1/admin/resellers/{id}/trials", () => Vec<plans::TrialAllowance>;
    AdminResellerCustomers: GET "/api/v1/admin/resellers/{id}/customers", customers::CustomersQuery => page::Page<customers::Customer>;
    AdminResellerEarnings: GET "/api/v1/admin/resellers/{id}/earnings", commission::EarningsQuery => commission::Earnings;
    AdminPlanStats: GET "/api/v1/admin/plans/{id}/stats", () => statistics::PlanStatistics;
    AdminResellerStats: GET "/api/v1/admin/resellers/{id}/stats", () => statistics::ResellerStatistics;
    AdminSettings: GET "/api/v1/admin/settings", () => settings::OperatorSettings;
    AdminSettingsUpdate: PUT "/api/v1/admin/settings", settings::SaveSettings => settings::OperatorSettings;
    AdminBrand: GET "/api/v1/admin/brand", () => brand::Brand;
    AdminBrandUpdate: PUT "/api/v1/admin/brand", brand::SaveBrand => brand::Brand;
    AdminLogoUpdate: PUT "/api/v1/admin/brand/logo", brand::SaveLogo => brand::Brand;
    AdminLogoDelete: DELETE "/api/v1/admin/brand/logo", () => brand::Brand;
    AdminResellerBrand: GET "/api/v1/admin/resellers/{id}/brand", () => brand::Brand;
    AdminResellerBrandUpdate: PUT "/api/v1/admin/resellers/{id}/brand", brand::SaveBrand => brand::Brand;
    AdminResellerLogoUpdate: PUT "/api/v1/admin/resellers/{id}/brand/logo", brand::SaveLogo => brand::Brand;
    AdminResellerLogoDelete: DELETE "/api/v1/admin/resellers/{id}/brand/logo", () => brand::Brand;
    ResellerBrand: GET "/api/v1/reseller/brand", () => brand::Brand;
    ResellerBrandUpdate: PUT "/api/v1/reseller/brand", brand::SaveBrand => brand::Brand;
    ResellerLogoUpdate: PUT "/api/v1/reseller/brand/logo", brand::SaveLogo => brand::Brand;
    ResellerLogoDelete: DELETE "/api/v1/reseller/brand/logo", () => brand::Brand;
    AdminReportsOverview: GET "/api/v1/admin/reports/overview", () => dashboard::Overview;
    AdminReport: GET "/api/v1/admin/reports/{name}", reports::ReportQuery => reports::Report;
    AdminCommissions: GET "/api/v1/admin/commissions", commission::CommissionsQuery => page::Page<commission::ResellerCommission>;
    AdminCommissionRules: GET "/api/v1/admin/commissions/rules", () => commission::RuleBook;
    AdminCommissionRulesSet: POST "/api/v1/admin/commissions/rules", commission::SetRules => commission::RuleBook;
    /// A part at a time; nothing is written.
    AdminCommissionSimulate: POST "/api/v1/admin/commissions/simulate", simulation::SimulateCommission => simulation::SimulatedPart;
    /// Of many resellers at once, or only what would be done.
    AdminCommissionRatesSet: POST "/api/v1/admin/commissions/rates", rates::SetRates => rates::RatesSet;
    AdminEarning: GET "/api/v1/admin/earnings/{id}", () => commission::EarningDetail;
    /// The customer was refunded: all shares of the sale are taken back.
    AdminEarningReverse: POST "/api/v1/admin/earnings/{id}/reverse", commission::ReverseEarning => commission::EarningDetail;
    AdminProviders: GET "/api/v1/admin/providers", page::PageQuery => page::Page<providers::Provider>;
    AdminProviderCreate: POST "/api/v1/admin/providers", providers::SaveProvider => providers::Provider;
    AdminProvider: GET "/api/v1/admin/providers/{id}", () => providers::Provider;
    AdminProviderUpdate: PUT "/api/v1/admin/providers/{id}", providers::SaveProvider => providers::Provider;
    AdminOfferings: GET "/api/v1/admin/providers/{id}/offerings", providers::OfferingsQuery => page::Page<providers::Offering>;
    AdminOfferingCreate: POST "/api/v1/admin/providers/{id}/offerings", providers::SaveOffering => providers::Offering;
    /// A part of a file at a time.
    AdminOfferingsImport: POST "/api/v1/admin/providers/{id}/offerings/import", providers::ImportOfferings => providers::ImportedOfferings;
    AdminOfferingUpdate: PUT "/api/v1/admin/providers/{id}/offerings/{offering_id}", providers::SaveOffering => providers::Offering;
    /// What is owed and earned through each reseller.
    AdminProviderAccounts: GET "/api/v1/admin/providers/{id}/accounts", () => settlements::ProviderAccounts;
    AdminProviderStatement: GET "/api/v1/admin/providers/{id}/statement", settlements::StatementQuery => settlements::ProviderStatement;
    /// Latest first.
    AdminSettlements: GET "/api/v1/admin/providers/{id}/settlements", page::PageQuery => page::Page<settlements::Settlement>;
    AdminProviderSettle: POST "/api/v1/admin/providers/{id}/settlements", settlements::SettleProvider => settlements::Settlement;
    AdminOrders: GET "/api/v1/admin/orders", orders::OrdersQuery => page::Page<orders::Order>;
    /// History of an older system: a part of a file, all of its lines or none. Or, as a dry run, only told.
    AdminOrdersImport: POST "/api/v1/admin/orders/import", order_import::ImportOrders => order_import::ImportedOrders;
    AdminOrder: GET "/api/v1/admin/orders/{contract_id}", () => orders::OrderDetail;
    AdminOrderRefund: POST "/api/v1/admin/orders/{contract_id}/refund", orders::RefundOrder => orders::OrderDetail;
    AdminPayments: GET "/api/v1/admin/payments", payments::PaymentsQuery => payments::Payments;
    AdminPaymentRecord: POST "/api/v1/admin/payments", payments::RecordPayment => payments::Payment;
    AdminPaymentComplete: POST "/api/v1/admin/payments/{id}/complete", () => payments::Payment;
    AdminPaymentFail: POST "/api/v1/admin/payments/{id}/fail", payments::PaymentReason => payments::Payment;
    AdminPaymentRefund: POST "/api/v1/admin/payments/{id}/refund", payments::PaymentReason => payments::Payment;
    AdminPayouts: GET "/api/v1/admin/payouts", payouts::PayoutsQuery => page::Page<payouts::Payout>;
    AdminPayout: GET "/api/v1/admin/payouts/{id}", () => payouts::Payout;
    AdminPayoutApprove: POST "/api/v1/admin/payouts/{id}/approve", () => payouts::Payout;
    AdminPayoutSent: POST "/api/v1/admin/payouts/{id}/sent", payouts::SendPayout => payouts::Payout;
    AdminPayoutConfirm: POST "/api/v1/admin/payouts/{id}/confirm", () => payouts::Payout;
    AdminPayoutFail: POST "/api/v1/admin/payouts/{id}/fail", payouts::FailPayout => payouts::Payout;
    AdminApplications: GET "/api/v1/admin/applications", applications::ApplicationsQuery => page::Page<applications::Application>;
    AdminApplication: GET "/api/v1/admin/applications/{id}", () => applications::Application;
    AdminApplicationApprove: POST "/api/v1/admin/applications/{id}/approve", applications::ApproveApplication => applications::Application;
    AdminApplicationReject: POST "/api/v1/admin/applications/{id}/reject", applications::RejectApplication => applications::Application;
    AdminMail: GET "/api/v1/admin/mail", () => notices::MailSetup;
    /// Past the queue, so that what is wrong is said at once.
    AdminMailTest: POST "/api/v1/admin/mail/test", notices::TestMail => notices::TestedMail;
    AdminNotices: GET "/api/v1/admin/notices", notices::NoticesQuery => page::Page<notices::Notice>;
    AdminNoticeAgain: POST "/api/v1/admin/notices/{id}/send-again", () => notices::Notice;
    AdminNoticeTemplates: GET "/api/v1/admin/notice-templates", () => Vec<notices::NoticeTemplate>;
    AdminNoticeTemplateUpdate: PUT "/api/v1/admin/notice-templates/{kind}", notices::SaveNoticeTemplate => notices::NoticeTemplate;
    AdminNoticePreview: POST "/api/v1/admin/notice-templates/{kind}/preview", notices::NoticeWords => notices::NoticePreview;
    AdminCreditMove: POST "/api/v1/admin/resellers/{id}/credits", credits::MoveCredits => credits::Moved;
    AdminLowCredit: PUT "/api/v1/admin/resellers/{id}/low-credit", credits::SetLowCredit => credits::LowCredit;
    AdminLowCreditDefaults: GET "/api/v1/admin/low-credit", () => credits::LowCreditDefaults;
    AdminLowCreditDefaultsUpdate: PUT "/api/v1/admin/low-credit", credits::LowCreditDefaults => credits::LowCreditDefaults;
    AdminCreditPacks: GET "/api/v1/admin/credit-packs", () => Vec<credit_packs::CreditPack>;
    AdminCreditPackCreate: POST "/api/v1/admin/credit-packs", credit_packs::SaveCreditPack => credit_packs::CreditPack;
    AdminCreditPackUpdate: PUT "/api/v1/admin/credit-packs/{id}", credit_packs::SaveCreditPack => credit_packs::CreditPack;
    AdminTopUps: GET "/api/v1/admin/top-up-requests", top_ups::TopUpsQuery => page::Page<top_ups::TopUpRequest>;
    AdminTopUpApprove: POST "/api/v1/admin/top-up-requests/{id}/approve", top_ups::ApproveTopUp => top_ups::TopUpRequest;
    AdminTopUpReject: POST "/api/v1/admin/top-up-requests/{id}/reject", top_ups::RejectTopUp => top_ups::TopUpRequest;
    AdminCodes: GET "/api/v1/admin/codes", codes::CodesQuery => page::Page<codes::CodeRow>;
    AdminCodeCreate: POST "/api/v1/admin/codes", codes::AdminCreateCode => codes::CreatedCode;
    AdminCodeVoid: POST "/api/v1/admin/codes/{id}/void", codes::CodeReason => codes::CodeRow;
    AdminCodeRevoke: POST "/api/v1/admin/codes/{id}/revoke", codes::CodeReason => codes::CodeRow;
    AdminCodeHold: POST "/api/v1/admin/codes/{id}/hold", codes::CodeReason => codes::CodeRow;
    /// A person approves a code held after a revocation.
    AdminCodeApprove: POST "/api/v1/admin/codes/{id}/approve", codes::CodeReason => codes::CodeRow;
    AdminCodeStats: GET "/api/v1/admin/codes/stats", () => codes::CodeStats;
    AdminLots: GET "/api/v1/admin/lots", lots::LotsQuery => page::Page<lots::Lot>;
    /// A job makes the codes.
    AdminLotCreate: POST "/api/v1/admin/lots", lots::OrderLot => lots::Lot;
    /// What a lot would cost.
    AdminLotPreview: POST "/api/v1/admin/lots/preview", lots::PreviewLot => lots::LotPreview;
    /// What it would take to give a reseller what the operator keeps.
    AdminAllocationPreview: POST "/api/v1/admin/lots/allocations/preview",
        ranges::PreviewAllocation => ranges::AllocationPreview;
    AdminAllocate: POST "/api/v1/admin/lots/allocations", ranges::Allocate => ranges::Allocated;
    /// What a change of all codes between two serials would do.
    AdminRangePreview: POST "/api/v1/admin/lots/ranges/preview", ranges::PreviewRange => ranges::RangePreview;
    AdminRangeChange: POST "/api/v1/admin/lots/ranges", ranges::ChangeRange => ranges::RangeJobs;
    AdminRangeCancel: POST "/api/v1/admin/lots/ranges/cancel", ranges::CancelRange => ranges::RangeJobs;
    AdminRangeUndo: POST "/api/v1/admin/lots/ranges/undo", ranges::UndoRange => ranges::RangeJobs;
    /// Jobs of all lots, the newest first.
    AdminCodeJobs: GET "/api/v1/admin/lots/jobs", page::PageQuery => page::Page<jobs::CodeJob>;
    AdminLot: GET "/api/v1/admin/lots/{id}", () => lots::LotDetail;
    /// What a change of its codes would do.
    AdminLotChangePreview: POST "/api/v1/admin/lots/{id}/changes/preview", lots::PreviewChange => lots::ChangePreview;
    AdminLotChange: POST "/api/v1/admin/lots/{id}/changes", lots::ChangeLot => jobs::CodeJob;
    /// Its codes for a printer, as CSV.
    AdminLotFile: GET "/api/v1/admin/lots/{id}/print-file", lots::FileQuery => ();
    AdminLeases: GET "/api/v1/admin/leases", leases::LeasesQuery => page::Page<leases::Lease>;
    AdminLeaseRevoke: POST "/api/v1/admin/leases/{id}/revoke", leases::RevokeLease => leases::Lease;
    AdminDevices: GET "/api/v1/admin/devices", devices::DevicesQuery => page::Page<devices::Device>;
    /// For good. Its leases stay as they are.
    AdminDeviceBlock: POST "/api/v1/admin/devices/{id}/block", devices::BlockDevice => devices::Device;
    AdminPortals: GET "/api/v1/admin/portals", () => Vec<portals::Portal>;
    AdminPortalCreate: POST "/api/v1/admin/portals", portals::SavePortal => portals::Portal;
    AdminPortal: GET "/api/v1/admin/portals/{id}", () => portals::Portal;
    AdminPortalUpdate: PUT "/api/v1/admin/portals/{id}", portals::SavePortal => portals::Portal;
    /// Looks at the portal and keeps what was found.
    AdminPortalProbe: POST "/api/v1/admin/portals/{id}/probe", () => portals::Probed;
    AdminPortalChoices: GET "/api/v1/admin/portals/{id}/choices", () => portals::PortalChoices;
    AdminPortalAccounts: GET "/api/v1/admin/portals/{id}/accounts", portals::PortalAccountsQuery => page::Page<portals::PortalAccount>;
    /// What accounts should be on it, by user name: for a desktop that may have to do without Central.
    AdminPortalStandings: GET "/api/v1/admin/portals/{id}/standings", page::PageQuery => page::Page<portals::PortalStanding>;
    AdminPortalRetry: POST "/api/v1/admin/portals/{id}/accounts/retry", portals::RetryAccounts => portals::Retried;
    /// The account of this login on the portal is the customer's: from now on it is written to.
    AdminPortalAdopt: POST "/api/v1/admin/portals/{id}/accounts/{account_id}/adopt", () => portals::PortalAccount;

    /// Looks at all its accounts.
    AdminPortalSync: POST "/api/v1/admin/portals/{id}/sync", jobs::StartSync => jobs::PortalJob;
    AdminPortalJobs: GET "/api/v1/admin/portals/{id}/jobs", page::PageQuery => page::Page<jobs::PortalJob>;
    AdminPortalDrift: GET "/api/v1/admin/portals/{id}/drift", () => drift::DriftReport;
    AdminPortalDriftRows: GET "/api/v1/admin/portals/{id}/drift/accounts", drift::DriftQuery => page::Page<drift::DriftRow>;
    AdminPortalRepairPreview: POST "/api/v1/admin/portals/{id}/drift/preview", drift::PreviewRepair => drift::RepairPreview;
    AdminPortalRepair: POST "/api/v1/admin/portals/{id}/drift/repair", drift::RepairDrift => jobs::PortalJob;
    /// Writes every account's reseller to the portal.
    AdminPortalPush: POST "/api/v1/admin/portals/{id}/push-assignments", jobs::StartJob => jobs::PortalJob;
    AdminJob: GET "/api/v1/admin/jobs/{id}", () => jobs::Job;
    AdminJobCancel: POST "/api/v1/admin/jobs/{id}/cancel", () => jobs::Job;
    /// Goes on after a failure or a cancellation.
    AdminJobResume: POST "/api/v1/admin/jobs/{id}/resume", () => jobs::Job;
    /// Says yes to what it asks.
    AdminJobConfirm: POST "/api/v1/admin/jobs/{id}/confirm", () => jobs::PortalJob;
    /// Takes a repair back.
    AdminJobUndo: POST "/api/v1/admin/jobs/{id}/undo", jobs::StartJob => jobs::Job;
    AdminUnassigned: GET "/api/v1/admin/unassigned", page::PageQuery => page::Page<drift::UnassignedAccount>;
    AdminAssign: POST "/api/v1/admin/unassigned/assign", drift::AssignAccounts => drift::Assigned;
    /// An account as its portal shows it, asked of it now.
    AdminPortalBox: GET "/api/v1/admin/portals/{id}/accounts/{account_id}/box", () => boxes::PortalBox;
    AdminPortalBoxAct: POST "/api/v1/admin/portals/{id}/accounts/{account_id}/box", boxes::ActOnBox => boxes::BoxActed;
    /// Who would be reached, by the portal's list of now. Nothing is sent.
    AdminPortalReach: POST "/api/v1/admin/portals/{id}/reach", sendings::AskReach => sendings::Reach;
    AdminSendings: GET "/api/v1/admin/portals/{id}/sendings", page::PageQuery => page::Page<sendings::Sending>;
    AdminSendingCreate: POST "/api/v1/admin/portals/{id}/sendings", sendings::StartSending => sendings::Sending;
    AdminSending: GET "/api/v1/admin/sendings/{id}", () => sendings::Sending;
    AdminSendingCancel: POST "/api/v1/admin/sendings/{id}/cancel", () => sendings::Sending;

    AdminAccounts: GET "/api/v1/admin/accounts", accounts::AccountsQuery => page::Page<accounts::Account>;
    AdminAccountCreate: POST "/api/v1/admin/accounts", accounts::CreateAccount => accounts::Credentials;
    /// Operations on many accounts, as staff ordered them.
    AdminBulks: GET "/api/v1/admin/accounts/bulk", page::PageQuery => page::Page<bulk::Bulk>;
    /// Tries one dry; nothing is changed.
    AdminBulkPlan: POST "/api/v1/admin/accounts/bulk", bulk::PlanBulk => bulk::Bulk;
    AdminBulk: GET "/api/v1/admin/accounts/bulk/{id}", () => bulk::BulkDetail;
    AdminBulkRows: GET "/api/v1/admin/accounts/bulk/{id}/rows", bulk::BulkRowsQuery => page::Page<bulk::BulkRow>;
    /// The next lines of the file that one creates accounts from.
    AdminBulkLines: POST "/api/v1/admin/accounts/bulk/{id}/lines", bulk::AddBulkLines => bulk::Bulk;
    /// What opens the accounts that one created, for whoever ordered it.
    AdminBulkCreated: GET "/api/v1/admin/accounts/bulk/{id}/created", page::PageQuery => page::Page<bulk::CreatedAccount>;
    AdminBulkRun: POST "/api/v1/admin/accounts/bulk/{id}/run", () => bulk::Bulk;
    AdminBulkCancel: POST "/api/v1/admin/accounts/bulk/{id}/cancel", () => bulk::Bulk;
    AdminBulkUndo: POST "/api/v1/admin/accounts/bulk/{id}/undo", () => bulk::Bulk;
    /// When those of a page were last at their portals.
    AdminAccountsSeen: POST "/api/v1/admin/accounts/access", accounts::AskAccess => Vec<accounts::AccountSeen>;
    AdminAccount: GET "/api/v1/admin/accounts/{id}", () => accounts::Account;
    AdminAccountUpdate: PUT "/api/v1/admin/accounts/{id}", accounts::SaveAccount => accounts::Account;
    AdminAccountHistory: GET "/api/v1/admin/accounts/{id}/history", page::PageQuery => page::Page<accounts::AccountEvent>;
    AdminAccountExtend: POST "/api/v1/admin/accounts/{id}/extend", accounts::ExtendAccount => accounts::Extended;
    /// Another plan for what is left of its service.
    AdminAccountPlan: POST "/api/v1/admin/accounts/{id}/plan", accounts::ChangePlan => accounts::Account;
    /// Where another plan would have it.
    AdminAccountPortals: GET "/api/v1/admin/accounts/{id}/portals", () => accounts::AccountPortals;
    AdminAccountSuspend: POST "/api/v1/admin/accounts/{id}/suspend", accounts::AccountReason => accounts::Account;
    AdminAccountActivate: POST "/api/v1/admin/accounts/{id}/activate", () => accounts::Account;
    AdminAccountArchive: POST "/api/v1/admin/accounts/{id}/archive", accounts::AccountReason => accounts::Account;
    AdminAccountTransfer: POST "/api/v1/admin/accounts/{id}/transfer", accounts::TransferAccount => accounts::Account;
    /// A new password and token; the old ones open nothing any more.
    AdminAccountResetToken: POST "/api/v1/admin/accounts/{id}/reset-token", () => accounts::Credentials;

    /// The newest first.
    AdminAudit: GET "/api/v1/admin/audit", audit::AuditQuery => page::Page<audit::AuditEntry>;
    /// How its chain of hashes stands, and which devices remember another.
    AdminAuditChain: GET "/api/v1/admin/audit/chain", () => audit::AuditChain;
    /// As CSV.
    AdminAuditFile: GET "/api/v1/admin/audit/file", audit::AuditQuery => ();
    /// What concerns the reseller and those below it.
    ResellerAudit: GET "/api/v1/reseller/audit", audit::AuditQuery => page::Page<audit::AuditEntry>;
    ResellerAuditFile: GET "/api/v1/reseller/audit/file", audit::AuditQuery => ();

    /// Why a reseller does or does not see an account.
    AdminAccountSight: GET "/api/v1/admin/resellers/{id}/sight/{account_id}", () => troubleshooting::AccountSight;
    /// By the serial of a code or the user name of an account.
    AdminCommissionTrace: GET "/api/v1/admin/commissions/trace/{reference}", () => troubleshooting::CommissionTrace;
    AdminApplicationStanding: GET "/api/v1/admin/applications/{id}/standing", () => troubleshooting::ApplicationStanding;

    /// Somebody wants to sell; no sign-in needed.
    ResellerSignup: POST "/api/v1/reseller/signup", applications::Apply => applications::Applied;
    ResellerPlans: GET "/api/v1/reseller/plans", page::PageQuery => page::Page<plans::Plan>;
    /// What it may give for nothing, and how much of that is left.
    ResellerTrials: GET "/api/v1/reseller/trials", () => Vec<plans::TrialAllowance>;
    /// Which e-mails the caller's reseller gets.
    ResellerNoticeChoices: GET "/api/v1/reseller/notices", () => notices::NoticeChoices;
    ResellerNoticeChoicesUpdate: PUT "/api/v1/reseller/notices", notices::SaveNoticeChoices => notices::NoticeChoices;
    ResellerCodes: GET "/api/v1/reseller/codes", codes::CodesQuery => page::Page<codes::CodeRow>;
    ResellerLots: GET "/api/v1/reseller/lots", lots::LotsQuery => page::Page<lots::Lot>;
    ResellerLotCreate: POST "/api/v1/reseller/lots", lots::CreateLot => lots::CreatedLot;
    ResellerLot: GET "/api/v1/reseller/lots/{id}", () => lots::LotDetail;
    ResellerCodeCreate: POST "/api/v1/reseller/codes", codes::CreateCode => codes::CreatedCode;
    ResellerAccounts: GET "/api/v1/reseller/accounts", accounts::AccountsQuery => page::Page<accounts::Account>;
    ResellerAccountCreate: POST "/api/v1/reseller/accounts", accounts::CreateAccount => accounts::Credentials;
    /// Operations on many accounts, as this reseller's members ordered them.
    ResellerBulks: GET "/api/v1/reseller/accounts/bulk", page::PageQuery => page::Page<bulk::Bulk>;
    ResellerBulkPlan: POST "/api/v1/reseller/accounts/bulk", bulk::PlanBulk => bulk::Bulk;
    ResellerBulk: GET "/api/v1/reseller/accounts/bulk/{id}", () => bulk::BulkDetail;
    ResellerBulkRows: GET "/api/v1/reseller/accounts/bulk/{id}/rows", bulk::BulkRowsQuery => page::Page<bulk::BulkRow>;
    /// The next lines of the file that one creates accounts from.
    ResellerBulkLines: POST "/api/v1/reseller/accounts/bulk/{id}/lines", bulk::AddBulkLines => bulk::Bulk;
    /// What opens the accounts that one created, for whoever ordered it.
    ResellerBulkCreated: GET "/api/v1/reseller/accounts/bulk/{id}/created", page::PageQuery => page::Page<bulk::CreatedAccount>;
    ResellerBulkRun: POST "/api/v1/reseller/accounts/bulk/{id}/run", () => bulk::Bulk;
    ResellerBulkCancel: POST "/api/v1/reseller/accounts/bulk/{id}/cancel", () => bulk::Bulk;
    ResellerBulkUndo: POST "/api/v1/reseller/accounts/bulk/{id}/undo", () => bulk::Bulk;
    /// When those of a page were last at their portals.
    ResellerAccountsSeen: POST "/api/v1/reseller/accounts/access", accounts::AskAccess => Vec<accounts::AccountSeen>;
    ResellerAccount: GET "/api/v1/reseller/accounts/{id}", () => accounts::Account;
    ResellerAccountUpdate: PUT "/api/v1/reseller/accounts/{id}", accounts::SaveAccount => accounts::Account;
    ResellerAccountHistory: GET "/api/v1/reseller/accounts/{id}/history", page::PageQuery => page::Page<accounts::AccountEvent>;
    ResellerAccountExtend: POST "/api/v1/reseller/accounts/{id}/extend", accounts::ExtendAccount => accounts::Extended;
    /// Another plan for what is left of its service.
    ResellerAccountPlan: POST "/api/v1/reseller/accounts/{id}/plan", accounts::ChangePlan => accounts::Account;
    /// Where another plan would have it.
    ResellerAccountPortals: GET "/api/v1/reseller/accounts/{id}/portals", () => accounts::AccountPortals;
    ResellerAccountSuspend: POST "/api/v1/reseller/accounts/{id}/suspend", accounts::AccountReason => accounts::Account;
    ResellerAccountActivate: POST "/api/v1/reseller/accounts/{id}/activate", () => accounts::Account;
    ResellerAccountArchive: POST "/api/v1/reseller/accounts/{id}/archive", accounts::AccountReason => accounts::Account;
    /// A new password and token; the old ones open nothing any more.
    ResellerAccountResetToken: POST "/api/v1/reseller/accounts/{id}/reset-token", () => accounts::Credentials;
    ResellerCredits: GET "/api/v1/reseller/credits", credits::CreditsQuery => credits::Statement;
    ResellerLowCredit: PUT "/api/v1/reseller/low-credit", credits::SetLowCredit => credits::LowCredit;
    ResellerCreditPacks: GET "/api/v1/reseller/credit-packs", () => Vec<credit_packs::CreditPack>;
    ResellerTopUps: GET "/api/v1/reseller/top-up-requests", top_ups::TopUpsQuery => page::Page<top_ups::TopUpRequest>;
    ResellerTopUpCreate: POST "/api/v1/reseller/top-up-requests", top_ups::RequestTopUp => top_ups::TopUpRequest;
    ResellerTopUpCancel: POST "/api/v1/reseller/top-up-requests/{id}/cancel", () => top_ups::TopUpRequest;
    /// Gives credit out of the own wallet to a reseller below, or takes it back.
    ResellerFund: POST "/api/v1/reseller/sub-resellers/{id}/credits", credits::FundSubReseller => credits::Funded;
    ResellerSubResellers: GET "/api/v1/reseller/sub-resellers", page::PageQuery => page::Page<resellers::Reseller>;
    ResellerPermissions: GET "/api/v1/reseller/permissions", () => permissions::ResellerPermissions;
    ResellerSubResellerCreate: POST "/api/v1/reseller/sub-resellers", resellers::SaveSubReseller => resellers::Reseller;
    ResellerSubResellerUpdate: PUT "/api/v1/reseller/sub-resellers/{id}", resellers::SaveSubReseller => resellers::Reseller;
    ResellerMembers: GET "/api/v1/reseller/members", page::PageQuery => page::Page<members::Member>;
    ResellerMemberCreate: POST "/api/v1/reseller/members", members::SaveMember => members::Member;
    ResellerMemberUpdate: PUT "/api/v1/reseller/members/{id}", members::SaveMember => members::Member;
    ResellerMemberSecondFactorRemove: DELETE "/api/v1/reseller/members/{id}/second-factor", () => second_factor::RemovedSecondFactor;
    /// With those that are revoked, the newest first.
    ResellerApiKeys: GET "/api/v1/reseller/api-keys", page::PageQuery => page::Page<api_keys::ApiKey>;
    ResellerApiKeyCreate: POST "/api/v1/reseller/api-keys", api_keys::CreateApiKey => api_keys::MadeApiKey;
    /// It stays in the list.
    ResellerApiKeyRevoke: DELETE "/api/v1/reseller/api-keys/{id}", () => api_keys::ApiKey;
    ResellerDevices: GET "/api/v1/reseller/devices", devices::OwnDevicesQuery => page::Page<devices::Device>;
    ResellerDeviceBlock: POST "/api/v1/reseller/devices/{id}/block", devices::BlockDevice => devices::Device;
    ResellerStats: GET "/api/v1/reseller/stats", () => statistics::ResellerStatistics;
    ResellerDashboard: GET "/api/v1/reseller/dashboard", () => dashboard::Dashboard;
    ResellerReport: GET "/api/v1/reseller/reports/{name}", reports::ReportQuery => reports::Report;
    ResellerEarnings: GET "/api/v1/reseller/earnings", commission::EarningsQuery => commission::Earnings;
    ResellerEarning: GET "/api/v1/reseller/earnings/{id}", () => commission::EarningDetail;
    ResellerCommissionReport: GET "/api/v1/reseller/commission-report", commission::PeriodQuery => commission::CommissionReport;
    ResellerCustomers: GET "/api/v1/reseller/customers", customers::CustomersQuery => page::Page<customers::Customer>;
    ResellerExternalProviders: GET "/api/v1/reseller/external-providers", page::PageQuery => page::Page<relationships::ExternalProvider>;
    ResellerOfferings: GET "/api/v1/reseller/external-providers/{provider_id}/offerings", providers::OfferingsQuery => page::Page<providers::Offering>;
    ResellerRelationships: GET "/api/v1/reseller/relationships", page::PageQuery => page::Page<relationships::Relationship>;
    ResellerRelationshipOpen: POST "/api/v1/reseller/relationships", relationships::OpenRelationship => relationships::Relationship;
    ResellerRelationship: GET "/api/v1/reseller/relationships/{provider_id}", () => relationships::Relationship;
    ResellerRelationshipUpdate: PUT "/api/v1/reseller/relationships/{provider_id}", relationships::SaveRelationship => relationships::Relationship;
    /// Ends it; its orders are worked on to their end.
    ResellerRelationshipEnd: DELETE "/api/v1/reseller/relationships/{provider_id}", () => relationships::Relationship;
    ResellerOrders: GET "/api/v1/reseller/orders", orders::OrdersQuery => page::Page<orders::Order>;
    ResellerOrderCreate: POST "/api/v1/reseller/orders", orders::SaveOrder => orders::OrderDetail;
    ResellerOrderSummary: GET "/api/v1/reseller/orders/summary", () => orders::OrderSummary;
    ResellerOrder: GET "/api/v1/reseller/orders/{contract_id}", () => orders::OrderDetail;
    /// Of a draft.
    ResellerOrderUpdate: PUT "/api/v1/reseller/orders/{contract_id}", orders::SaveOrder => orders::OrderDetail;
    ResellerOrderPlace: POST "/api/v1/reseller/orders/{contract_id}/place", orders::PlaceOrder => orders::OrderDetail;
    ResellerOrderPay: POST "/api/v1/reseller/orders/{contract_id}/pay", orders::PayOrder => orders::OrderDetail;
    ResellerOrderSubmit: POST "/api/v1/reseller/orders/{contract_id}/submit", orders::SubmitOrder => orders::OrderDetail;
    ResellerOrderFulfil: POST "/api/v1/reseller/orders/{contract_id}/fulfill", orders::FulfilOrder => orders::OrderDetail;
    ResellerOrderFail: POST "/api/v1/reseller/orders/{contract_id}/fail", orders::EndOrder => orders::OrderDetail;
    ResellerOrderCancel: POST "/api/v1/reseller/orders/{contract_id}/cancel", orders::EndOrder => orders::OrderDetail;
    ResellerOrderRefund: POST "/api/v1/reseller/orders/{contract_id}/refund", orders::RefundOrder => orders::OrderDetail;
    ResellerPayments: GET "/api/v1/reseller/payments", payments::PaymentsQuery => payments::Payments;
    ResellerPaymentRecord: POST "/api/v1/reseller/payments", payments::RecordPayment => payments::Payment;
    ResellerPaymentComplete: POST "/api/v1/reseller/payments/{id}/complete", () => payments::Payment;
    ResellerPaymentFail: POST "/api/v1/reseller/payments/{id}/fail", payments::PaymentReason => payments::Payment;
    ResellerPayouts: GET "/api/v1/reseller/payouts", payouts::PayoutsQuery => page::Page<payouts::Payout>;
    ResellerPayoutRequest: POST "/api/v1/reseller/payouts", payouts::RequestPayout => payouts::Payout;
    ResellerProfile: GET "/api/v1/reseller/profile", () => resellers::Reseller;

    DeviceEnrol: POST "/api/v1/sync/devices", devices::EnrolDevice => devices::Enrolled;
    LeaseGrant: POST "/api/v1/sync/leases", leases::RequestLease => leases::GrantedLease;
    /// What a restored Central may have lost.
    LeasePresent: POST "/api/v1/sync/leases/present", leases::PresentLeases => leases::LeasesPresented;
    Push: POST "/api/v1/sync/push", push::PushRequest => push::PushResponse;
    /// What Central has of this device's log, for a device restored from a backup.
    LogTail: GET "/api/v1/sync/log", push::LogQuery => push::LogTail;
    Pull: GET "/api/v1/sync/pull", pull::PullQuery => pull::PullPage;
    /// What a device remembers of the audit, held beside what Central holds.
    AuditCheckpoints: POST "/api/v1/sync/audit", audit::TellCheckpoints => audit::CheckpointsJudged;
    /// Answers with a stream of these, as server-sent events.
    Live: GET "/api/v1/sync/live", () => live::Head;
    /// What a device with an empty cache had better fetch than pages; refused when pages are better.
    Snapshot: GET "/api/v1/sync/snapshot", snapshot::SnapshotQuery => snapshot::SnapshotManifest;
    /// Its bytes, the whole or by `Range`.
    SnapshotFile: GET "/api/v1/sync/snapshot/{snapshot_id}", () => ();

    Activate: POST "/api/v1/public/activations", public::ActivationRequest => public::Activation;
    /// A logo by its SHA-256, a PNG picture: kept for ever.
    PublicLogo: GET "/api/v1/public/brand/logo/{hash}", () => ();
    PublicCode: GET "/api/v1/public/codes/{code}", () => public::PublicCode;
    PublicSubscription: GET "/api/v1/public/subscriptions/{token}", () => public::Subscription;
    PublicOfferings: GET "/api/v1/public/offerings", market::MarketQuery => page::Page<market::MarketOffering>;
    PublicOrderPlace: POST "/api/v1/public/orders", market::PlacePublicOrder => market::PublicOrderPlaced;
    PublicOrder: GET "/api/v1/public/orders/{token}", () => market::PublicOrder;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_cannot_leave_their_place() {
        assert_eq!(path("/api/v1/public/codes/{code}", &["a/../b?c"]), "/api/v1/public/codes/a%2F..%2Fb%3Fc");
    }
}
