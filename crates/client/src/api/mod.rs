//! The functions the UI may call. `commands!` lists them once; both hosts and the TypeScript bindings
//! expand that list.

pub mod accounts;
pub mod admin;
pub mod applications;
pub mod audit;
pub mod boxes;
mod call;
pub mod codes;
pub mod credit;
pub mod credit_packs;
pub mod drift;
mod error;
mod event;
pub mod lots;
pub mod members;
pub mod permissions;
pub mod portals;
pub mod queue;
mod refusals;
pub mod selling;
pub mod sendings;
pub mod session;
pub mod status;
pub mod top_ups;
pub mod types;
pub mod wallets;

pub use call::{COMMANDS, call};
pub use error::{ApiError, ErrorCode, FieldProblem};
pub use event::{Event, Topic};

/// The one command list: name, argument, result. `()` means none.
///
/// Events pushed to the UI: `status` (a `Status`) and `changed` (a topic: `accounts`, `codes`, `credit`, `queue`,
/// `selling`, `session`).
#[macro_export]
macro_rules! commands {
    ($expand:ident) => {
        $expand! {
            session::app_state: () => session::AppState;
            session::check_server: session::CheckServer => session::ServerInfo;
            session::sign_in: session::SignIn => session::AppState;
            session::sign_out: () => session::AppState;
            session::choose_passphrase: session::Passphrase => session::AppState;
            session::unlock: session::Passphrase => session::AppState;
            session::start_over: () => session::AppState;
            status::status: () => status::Status;
            status::sync_now: () => status::Status;
            selling::sell_page: () => selling::SellPage;
            selling::sell: selling::SellRequest => selling::Sale;
            selling::code_qr: selling::CodeRef => selling::QrImage;
            selling::receipt: selling::ReceiptRequest => types::DocumentFile;
            codes::codes_page: codes::CodesRequest => codes::CodesPage;
            codes::codes_counts: codes::CodeFilter => codes::CodeCounts;
            codes::code_detail: selling::CodeRef => codes::CodeDetail;
            codes::void_codes: codes::VoidCodes => ();
            lots::lots_page: lots::LotsRequest => lots::LotsPage;
            lots::lot: lots::LotRef => lots::LotDetail;
            lots::lot_rights: () => lots::LotRights;
            lots::create_lot: lots::CreateLot => lots::CreatedLot;
            lots::preview_lot: lots::PreviewLot => lots::LotPreview;
            lots::order_lot: lots::OrderLot => lots::Lot;
            lots::preview_lot_change: lots::PreviewLotChange => lots::ChangePreview;
            lots::change_lot: lots::ChangeLot => lots::CodeJob;
            lots::lot_file: lots::LotFile => types::DocumentFile;
            lots::code_job: drift::JobRef => lots::CodeJob;
            lots::cancel_code_job: drift::JobRef => lots::CodeJob;
            lots::resume_code_job: drift::JobRef => lots::CodeJob;
            lots::undo_code_job: lots::UndoCodeJob => lots::CodeJob;
            accounts::accounts_page: accounts::AccountsRequest => accounts::AccountsPage;
            accounts::account: accounts::AccountRef => accounts::AccountView;
            accounts::account_rights: () => accounts::AccountRights;
            accounts::account_history: accounts::AccountHistoryRequest => accounts::AccountHistory;
            accounts::create_account: accounts::CreateAccount => accounts::CredentialsView;
            accounts::save_account: accounts::SaveAccount => accounts::AccountView;
            accounts::extend_account: accounts::ExtendAccount => accounts::ExtendedAccount;
            accounts::suspend_account: accounts::AccountReason => accounts::AccountView;
            accounts::activate_account: accounts::AccountRef => accounts::AccountView;
            accounts::archive_account: accounts::AccountReason => accounts::AccountView;
            accounts::transfer_account: accounts::TransferAccount => accounts::AccountView;
            accounts::reset_account_token: accounts::AccountRef => accounts::CredentialsView;
            credit::credit_overview: () => credit::CreditOverview;
            credit::credit_history: credit::HistoryRequest => credit::HistoryPage;
            credit::prove_wallet: () => credit::WalletProof;
            credit::take_lease: credit::TakeLease => credit::CreditOverview;
            credit::close_lease: credit::LeaseRef => credit::CreditOverview;
            wallets::set_low_credit: wallets::SetLowCredit => credit::CreditOverview;
            wallets::sub_resellers: () => Vec<wallets::SubReseller>;
            wallets::fund_sub_reseller: wallets::FundSubReseller => wallets::Funded;
            wallets::reseller_credits: wallets::ResellerCreditsRequest => wallets::ResellerCredits;
            wallets::set_reseller_low_credit: wallets::SetResellerLowCredit => credit::LowCreditView;
            wallets::low_credit_defaults: () => wallets::LowCreditDefaults;
            wallets::save_low_credit_defaults: wallets::LowCreditDefaults => wallets::LowCreditDefaults;
            credit_packs::credit_packs: () => Vec<credit_packs::CreditPackView>;
            credit_packs::save_credit_pack: credit_packs::SaveCreditPack => credit_packs::CreditPackView;
            top_ups::top_up_requests: top_ups::TopUpsRequest => top_ups::TopUpsPage;
            top_ups::request_top_up: top_ups::RequestTopUp => top_ups::TopUpView;
            top_ups::cancel_top_up: top_ups::TopUpRef => top_ups::TopUpView;
            top_ups::approve_top_up: top_ups::ApproveTopUp => top_ups::TopUpView;
            top_ups::reject_top_up: top_ups::RejectTopUp => top_ups::TopUpView;
            queue::queue_page: () => queue::QueuePage;
            queue::dismiss_item: queue::DismissItem => ();
            admin::plans_list: () => Vec<admin::PlanView>;
            admin::save_plan: admin::SavePlan => admin::PlanView;
            admin::resellers_page: admin::ResellersRequest => admin::ResellersPage;
            admin::save_reseller: admin::SaveReseller => admin::ResellerView;
            admin::top_up: admin::TopUp => admin::ResellerView;
            admin::reseller_devices: admin::ResellerRef => Vec<admin::DeviceView>;
            admin::revoke_lease: admin::RevokeLease => ();
            applications::applications_page: applications::ApplicationsRequest => applications::ApplicationsPage;
            applications::application: applications::ApplicationRef => applications::ApplicationView;
            applications::approve_application: applications::ApproveApplication => applications::ApplicationView;
            applications::reject_application: applications::RejectApplication => applications::ApplicationView;
            applications::reseller_rates: admin::ResellerRef => applications::ResellerRates;
            applications::set_reseller_rate: applications::SetResellerRate => applications::ResellerRates;
            members::members_list: () => Vec<members::MemberView>;
            members::save_member: members::SaveMember => members::MemberView;
            members::save_sub_reseller: members::SaveSubReseller => admin::ResellerView;
            permissions::reseller_permissions: admin::ResellerRef => permissions::ResellerPermissions;
            permissions::save_reseller_permissions: permissions::SaveResellerPermissions => permissions::ResellerPermissions;
            permissions::permission_templates: () => permissions::PermissionTemplates;
            permissions::save_permission_template: permissions::SavePermissionTemplate => permissions::PermissionTemplate;
            permissions::own_permissions: () => permissions::OwnPermissions;
            audit::audit_page: audit::AuditRequest => audit::AuditPage;
            audit::audit_chain: () => audit::AuditChainView;
            audit::audit_file: audit::AuditFilter => types::DocumentFile;
            portals::portals_list: () => Vec<portals::PortalView>;
            portals::save_portal: portals::SavePortal => portals::PortalView;
            portals::probe_portal: portals::PortalRef => portals::ProbedPortal;
            portals::portal_choices: portals::PortalRef => portals::PortalChoices;
            portals::portal_accounts: portals::PortalAccountsRequest => portals::PortalAccountsPage;
            portals::retry_portal_accounts: portals::RetryPortalAccounts => portals::RetriedPortalAccounts;
            portals::adopt_portal_account: portals::PortalAccountRef => portals::PortalAccountView;
            drift::portal_drift: portals::PortalRef => drift::DriftReport;
            drift::drift_rows: drift::DriftRowsRequest => drift::DriftRowsPage;
            drift::portal_jobs: portals::PortalRef => Vec<drift::PortalJob>;
            drift::portal_job: drift::JobRef => drift::PortalJob;
            drift::sync_portal: drift::SyncPortal => drift::PortalJob;
            drift::push_assignments: drift::PushAssignments => drift::PortalJob;
            drift::cancel_job: drift::JobRef => drift::PortalJob;
            drift::resume_job: drift::JobRef => drift::PortalJob;
            drift::confirm_job: drift::JobRef => drift::PortalJob;
            drift::undo_job: drift::UndoJob => drift::PortalJob;
            drift::preview_repair: drift::PreviewRepair => drift::RepairPreview;
            drift::repair_drift: drift::RepairDrift => drift::PortalJob;
            drift::unassigned_page: drift::UnassignedRequest => drift::UnassignedPage;
            drift::assign_accounts: drift::AssignAccounts => drift::AssignedAccounts;
            boxes::portal_box: portals::PortalAccountRef => boxes::PortalBoxView;
            boxes::act_on_box: boxes::ActOnBox => boxes::BoxActed;
            sendings::portal_reach: sendings::ReachRequest => sendings::ReachView;
            sendings::start_sending: sendings::StartSending => sendings::SendingView;
            sendings::portal_sendings: sendings::SendingsRequest => sendings::SendingsPage;
            sendings::sending: sendings::SendingRef => sendings::SendingView;
            sendings::cancel_sending: sendings::SendingRef => sendings::SendingView;
        }
    };
}
