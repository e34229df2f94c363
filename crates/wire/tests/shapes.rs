//! One snapshot per serialised type: a change of the wire shows as a changed file. Old clients live for years, so a
//! changed snapshot needs a reason.

mod samples;

use counterfoil_wire::{
    accounts, api_keys, applications, audit, boxes, brand, bulk, codes, commission, credit_packs, credits, devices,
    drift, jobs, leases, lots, market, members, notices, order_import, orders, payments, payouts, permissions, plans,
    portals, providers, public, push, ranges, rates, relationships, resellers, second_factor, sendings, sessions,
    settings, settlements, simulation, snapshot, staff, top_ups,
};
use serde::de::DeserializeOwned;

macro_rules! shapes {
    ($($name:ident: $sample:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({prepend_module_to_snapshot => false}, {
                insta::assert_json_snapshot!(stringify!($name), $sample);
            });
        }
    )*};
}

shapes! {
    login_request: samples::login();
    refresh_request: samples::refresh();
    signed_in: samples::signed_in();
    session_view: samples::session();
    unlock_sign_in: samples::unlock_sign_in();
    unlocked_sign_in: samples::unlocked_sign_in();
    locked_name: samples::locked_name();
    change_password: samples::change_password();
    staff_member: samples::staff_member();
    create_staff: samples::create_staff();
    save_staff: samples::save_staff();
    staff_version: samples::staff_version();
    staff_with_password: samples::staff_with_password();
    block_device: samples::block_device();
    begin_second_factor: samples::begin_second_factor();
    second_factor_secret: samples::second_factor_secret();
    confirm_second_factor: samples::confirm_second_factor();
    prove_second_factor: samples::prove_second_factor();
    recovery_codes: samples::recovery_codes();
    remove_second_factor: samples::remove_second_factor();
    removed_second_factor: samples::removed_second_factor();
    plan: samples::plan();
    save_plan: samples::save_plan();
    trial_allowance: samples::trial_allowance();
    mail_setup: samples::mail_setup();
    test_mail: samples::test_mail();
    tested_mail: samples::tested_mail();
    market_offering: samples::market_offering();
    place_public_order: samples::place_public_order();
    public_order_placed: samples::public_order_placed();
    public_order: samples::public_order();
    notice: samples::notice();
    notice_template: samples::notice_template();
    notice_words: samples::notice_words();
    save_notice_template: samples::save_notice_template();
    notice_preview: samples::notice_preview();
    notice_choices: samples::notice_choices();
    save_notice_choices: samples::save_notice_choices();
    portal: samples::portal();
    save_portal: samples::save_portal();
    portal_account: samples::portal_account();
    portal_choices: samples::portal_choices();
    portal_standing: samples::portal_standing();
    portal_box: samples::portal_box();
    act_on_box: samples::act_on_box();
    box_acted: samples::box_acted();
    ask_reach: samples::ask_reach();
    reach: samples::reach();
    start_sending: samples::start_sending();
    sending: samples::sending();
    retry_accounts: samples::retry_accounts();
    portal_job: samples::portal_job();
    start_sync: samples::start_sync();
    start_job: samples::start_job();
    drift_report: samples::drift_report();
    drift_row: samples::drift_row();
    preview_repair: samples::preview_repair();
    repair_drift: samples::repair_drift();
    repair_preview: samples::repair_preview();
    unassigned_account: samples::unassigned_account();
    assign_accounts: samples::assign_accounts();
    account: samples::account();
    create_account: samples::create_account();
    credentials: samples::credentials();
    save_account: samples::save_account();
    extend_account: samples::extend_account();
    extended: samples::extended();
    ask_access: samples::ask_access();
    account_seen: samples::account_seen();
    account_portals: samples::account_portals();
    change_plan: samples::change_plan();
    account_reason: samples::account_reason();
    transfer_account: samples::transfer_account();
    account_event: samples::account_event();
    reseller_permissions: samples::reseller_permissions();
    save_permissions: samples::save_permissions();
    permission_template: samples::permission_template();
    save_template: samples::save_template();
    reseller: samples::reseller();
    save_reseller: samples::save_reseller();
    apply: samples::apply();
    applied: samples::applied();
    application: samples::application();
    approve_application: samples::approve_application();
    reject_application: samples::reject_application();
    plan_price: samples::plan_price();
    price_history: samples::price_history();
    set_price: samples::set_price();
    reseller_rates: samples::reseller_rates();
    set_rate: samples::set_rate();
    rule_book: samples::rule_book();
    set_rules: samples::set_rules();
    earnings: samples::earnings();
    earning_detail: samples::earning_detail();
    reverse_earning: samples::reverse_earning();
    commission_report: samples::commission_report();
    reseller_commission: samples::reseller_commission();
    simulate_commission: samples::simulate_commission();
    simulated_part: samples::simulated_part();
    set_rates: samples::set_rates();
    rates_set: samples::rates_set();
    dashboard: samples::dashboard();
    plan_statistics: samples::plan_statistics();
    reseller_statistics: samples::reseller_statistics();
    operator_settings: samples::operator_settings();
    save_settings: samples::save_settings();
    brand: samples::brand();
    save_brand: samples::save_brand();
    save_logo: samples::save_logo();
    shown_brand: samples::shown_brand();
    overview: samples::overview();
    report: samples::report();
    customer: samples::customer();
    record_payment: samples::record_payment();
    payment: samples::payment();
    payments: samples::payments();
    payment_reason: samples::payment_reason();
    order: samples::order();
    order_detail: samples::order_detail();
    save_order: samples::save_order();
    place_order: samples::place_order();
    pay_order: samples::pay_order();
    submit_order: samples::submit_order();
    fulfil_order: samples::fulfil_order();
    end_order: samples::end_order();
    refund_order: samples::refund_order();
    order_summary: samples::order_summary();
    provider_accounts: samples::provider_accounts();
    provider_statement: samples::provider_statement();
    settle_provider: samples::settle_provider();
    settlement: samples::settlement();
    save_provider: samples::save_provider();
    provider: samples::provider();
    save_offering: samples::save_offering();
    offering: samples::offering();
    import_offerings: samples::import_offerings();
    import_orders: samples::import_orders();
    imported_orders: samples::imported_orders();
    imported_offerings: samples::imported_offerings();
    external_provider: samples::external_provider();
    relationship: samples::relationship();
    open_relationship: samples::open_relationship();
    save_relationship: samples::save_relationship();
    request_payout: samples::request_payout();
    payout: samples::payout();
    send_payout: samples::send_payout();
    fail_payout: samples::fail_payout();
    account_sight: samples::account_sight();
    commission_trace: samples::commission_trace();
    application_standing: samples::application_standing();
    api_key: samples::api_key();
    create_api_key: samples::create_api_key();
    made_api_key: samples::made_api_key();
    member: samples::member();
    save_member: samples::save_member();
    save_sub_reseller: samples::save_sub_reseller();
    move_credits: samples::move_credits();
    moved: samples::moved();
    statement: samples::statement();
    fund_sub_reseller: samples::fund();
    funded: samples::funded();
    set_low_credit: samples::set_low_credit();
    low_credit_defaults: samples::low_credit_defaults();
    credit_pack: samples::credit_pack();
    save_credit_pack: samples::save_credit_pack();
    request_top_up: samples::request_top_up();
    top_up_request: samples::top_up_request();
    approve_top_up: samples::approve_top_up();
    reject_top_up: samples::reject_top_up();
    audit_entry: samples::audit_entry();
    audit_chain: samples::audit_chain();
    tell_checkpoints: samples::tell_checkpoints();
    checkpoints_judged: samples::checkpoints_judged();
    code_job: samples::job();
    plan_bulk: samples::plan_bulk();
    add_bulk_lines: samples::add_bulk_lines();
    created_account: samples::created_account();
    bulk: samples::bulk_detail();
    bulk_row: samples::bulk_row();
    bulk_operations: samples::bulk_operations();
    lot: samples::lot();
    lot_detail: samples::lot_detail();
    create_lot: samples::create_lot();
    created_lot: samples::created_lot();
    preview_lot: samples::preview_lot();
    lot_preview: samples::lot_preview();
    order_lot: samples::order_lot();
    preview_change: samples::preview_change();
    change_preview: samples::change_preview();
    change_lot: samples::change_lot();
    lot_in_stock: samples::lot_in_stock();
    keep_lot: samples::keep_lot();
    preview_allocation: samples::preview_allocation();
    allocation_preview: samples::allocation_preview();
    allocate: samples::allocate();
    allocated: samples::allocated();
    preview_range: samples::preview_range();
    range_preview: samples::range_preview();
    change_range: samples::change_range();
    range_jobs: samples::range_jobs();
    cancel_range: samples::cancel_range();
    undo_range: samples::undo_range();
    code_row: samples::code_row();
    created_code: samples::created_code();
    code_stats: samples::code_stats();
    enrol_device: samples::enrol();
    enrolled: samples::enrolled();
    request_lease: samples::request_lease();
    granted_lease: samples::granted();
    present_leases: samples::present();
    leases_presented: samples::presented();
    revoke_lease: samples::revoke();
    push_request: samples::push();
    push_response: samples::pushed();
    log_tail: samples::log_tail();
    live_head: samples::live_head();
    pull_page: samples::pull_page();
    snapshot_manifest: samples::snapshot_manifest();
    about: samples::about();
    activation_request: samples::activation_request();
    activation: samples::activation();
    public_code: samples::public_code();
    subscription: samples::subscription();
    problem: samples::problem();
}

/// A request with a field nobody knows is refused: a misspelt `amuont` must not be a silent default.
#[track_caller]
fn refuses<T: DeserializeOwned>(sample: &impl serde::Serialize) {
    let mut value = serde_json::to_value(sample).expect("plain data");
    assert!(serde_json::from_value::<T>(value.clone()).is_ok(), "{}", std::any::type_name::<T>());
    value["surprise"] = serde_json::json!(1);
    assert!(serde_json::from_value::<T>(value).is_err(), "{}", std::any::type_name::<T>());
}

#[test]
fn requests_of_the_market_refuse_unknown_fields() {
    refuses::<market::PlacePublicOrder>(&samples::place_public_order());
    refuses::<order_import::ImportOrders>(&samples::import_orders());
    refuses::<orders::SaveOrder>(&samples::save_order());
    refuses::<orders::PlaceOrder>(&samples::place_order());
    refuses::<orders::PayOrder>(&samples::pay_order());
    refuses::<orders::SubmitOrder>(&samples::submit_order());
    refuses::<orders::FulfilOrder>(&samples::fulfil_order());
    refuses::<orders::EndOrder>(&samples::end_order());
    refuses::<orders::RefundOrder>(&samples::refund_order());
    refuses::<settlements::SettleProvider>(&samples::settle_provider());
    refuses::<providers::SaveProvider>(&samples::save_provider());
    refuses::<providers::SaveOffering>(&samples::save_offering());
    refuses::<providers::ImportOfferings>(&samples::import_offerings());
    refuses::<relationships::OpenRelationship>(&samples::open_relationship());
    refuses::<relationships::SaveRelationship>(&samples::save_relationship());
}

#[test]
fn requests_about_ranges_refuse_unknown_fields() {
    refuses::<ranges::PreviewAllocation>(&samples::preview_allocation());
    refuses::<ranges::Allocate>(&samples::allocate());
    refuses::<ranges::AllocatePart>(&samples::allocate_part());
    refuses::<ranges::PreviewRange>(&samples::preview_range());
    refuses::<ranges::ChangeRange>(&samples::change_range());
    refuses::<ranges::ChangeRangePart>(&samples::change_range_part());
    refuses::<ranges::CancelRange>(&samples::cancel_range());
    refuses::<ranges::UndoRange>(&samples::undo_range());
    refuses::<ranges::UndoRangePart>(&samples::undo_range_part());
}

#[test]
fn a_new_key_is_asked_for_in_one_shape() {
    refuses::<api_keys::CreateApiKey>(&samples::create_api_key());
}

#[test]
fn requests_about_staff_refuse_unknown_fields() {
    refuses::<staff::CreateStaff>(&samples::create_staff());
    refuses::<staff::SaveStaff>(&samples::save_staff());
    refuses::<staff::StaffVersion>(&samples::staff_version());
    refuses::<devices::BlockDevice>(&samples::block_device());
}

#[test]
fn requests_about_sign_ins_refuse_unknown_fields() {
    refuses::<sessions::LoginRequest>(&samples::login());
    refuses::<sessions::RefreshRequest>(&samples::refresh());
    refuses::<sessions::UnlockSignIn>(&samples::unlock_sign_in());
    refuses::<sessions::ChangePassword>(&samples::change_password());
    refuses::<second_factor::BeginSecondFactor>(&samples::begin_second_factor());
    refuses::<second_factor::ConfirmSecondFactor>(&samples::confirm_second_factor());
    refuses::<second_factor::ProveSecondFactor>(&samples::prove_second_factor());
    refuses::<second_factor::RemoveSecondFactor>(&samples::remove_second_factor());
}

#[test]
fn requests_refuse_unknown_fields() {
    refuses::<plans::SavePlan>(&samples::save_plan());
    refuses::<portals::SavePortal>(&samples::save_portal());
    refuses::<portals::RetryAccounts>(&samples::retry_accounts());
    refuses::<jobs::StartSync>(&samples::start_sync());
    refuses::<jobs::StartJob>(&samples::start_job());
    refuses::<bulk::PlanBulk>(&samples::plan_bulk());
    refuses::<bulk::AddBulkLines>(&samples::add_bulk_lines());
    refuses::<lots::CreateLot>(&samples::create_lot());
    refuses::<lots::PreviewLot>(&samples::preview_lot());
    refuses::<lots::OrderLot>(&samples::order_lot());
    refuses::<lots::PreviewChange>(&samples::preview_change());
    refuses::<lots::ChangeLot>(&samples::change_lot());
    refuses::<drift::PreviewRepair>(&samples::preview_repair());
    refuses::<drift::RepairDrift>(&samples::repair_drift());
    refuses::<drift::AssignAccounts>(&samples::assign_accounts());
    refuses::<boxes::ActOnBox>(&samples::act_on_box());
    refuses::<sendings::AskReach>(&samples::ask_reach());
    refuses::<sendings::StartSending>(&samples::start_sending());
    refuses::<accounts::CreateAccount>(&samples::create_account());
    refuses::<accounts::SaveAccount>(&samples::save_account());
    refuses::<accounts::ExtendAccount>(&samples::extend_account()[0]);
    refuses::<accounts::AskAccess>(&samples::ask_access());
    refuses::<accounts::ChangePlan>(&samples::change_plan());
    refuses::<accounts::AccountReason>(&samples::account_reason());
    refuses::<accounts::TransferAccount>(&samples::transfer_account());
    refuses::<permissions::SavePermissions>(&samples::save_permissions());
    refuses::<permissions::SaveTemplate>(&samples::save_template());
    refuses::<resellers::SaveReseller>(&samples::save_reseller());
    refuses::<applications::Apply>(&samples::apply());
    refuses::<applications::ApproveApplication>(&samples::approve_application());
    refuses::<applications::RejectApplication>(&samples::reject_application());
    refuses::<settings::SaveSettings>(&samples::save_settings());
    refuses::<brand::SaveBrand>(&samples::save_brand());
    refuses::<brand::SaveLogo>(&samples::save_logo());
    refuses::<notices::TestMail>(&samples::test_mail());
    refuses::<notices::NoticeWords>(&samples::notice_words());
    refuses::<notices::SaveNoticeTemplate>(&samples::save_notice_template());
    refuses::<notices::SaveNoticeChoices>(&samples::save_notice_choices());
    refuses::<commission::SetRate>(&samples::set_rate());
    refuses::<commission::SetRules>(&samples::set_rules());
    refuses::<simulation::SimulateCommission>(&samples::simulate_commission());
    refuses::<rates::SetRates>(&samples::set_rates());
    refuses::<commission::ReverseEarning>(&samples::reverse_earning());
    refuses::<payments::RecordPayment>(&samples::record_payment());
    refuses::<payments::PaymentReason>(&samples::payment_reason());
    refuses::<payouts::RequestPayout>(&samples::request_payout());
    refuses::<payouts::SendPayout>(&samples::send_payout());
    refuses::<payouts::FailPayout>(&samples::fail_payout());
    refuses::<members::SaveMember>(&samples::save_member());
    refuses::<resellers::SaveSubReseller>(&samples::save_sub_reseller());
    refuses::<credits::MoveCredits>(&samples::move_credits());
    refuses::<credits::FundSubReseller>(&samples::fund());
    refuses::<credits::SetLowCredit>(&samples::set_low_credit());
    refuses::<credits::LowCreditDefaults>(&samples::low_credit_defaults());
    refuses::<credit_packs::SaveCreditPack>(&samples::save_credit_pack());
    refuses::<top_ups::RequestTopUp>(&samples::request_top_up());
    refuses::<top_ups::ApproveTopUp>(&samples::approve_top_up());
    refuses::<top_ups::RejectTopUp>(&samples::reject_top_up());
    refuses::<audit::TellCheckpoints>(&samples::tell_checkpoints());
    refuses::<codes::CreateCode>(&samples::create_code());
    refuses::<devices::EnrolDevice>(&samples::enrol());
    refuses::<leases::RequestLease>(&samples::request_lease());
    refuses::<leases::PresentLeases>(&samples::present());
    refuses::<leases::RevokeLease>(&samples::revoke());
    refuses::<push::PushRequest>(&samples::push());
    refuses::<snapshot::SnapshotQuery>(&samples::snapshot_query());
    refuses::<public::ActivationRequest>(&samples::activation_request());
}

/// Nothing that opens a door shows in a debug print.
#[test]
fn debug_shows_no_secret() {
    let printed = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        samples::made_api_key(),
        samples::create_staff(),
        samples::staff_with_password(),
        samples::change_password(),
        samples::credentials(),
        samples::created_lot(),
        samples::login(),
        samples::save_member(),
        samples::save_sub_reseller(),
        samples::apply(),
        samples::refresh(),
        samples::signed_in(),
        samples::save_reseller(),
        samples::save_portal(),
        samples::created_code(),
        samples::activation_request(),
        samples::activation(),
        samples::public_order_placed(),
        samples::public_order(),
        samples::order(),
        samples::save_order(),
        samples::fulfil_order()
    );
    let printed = format!(
        "{printed}{:?}{:?}{:?}{:?}{:?}",
        samples::begin_second_factor(),
        samples::second_factor_secret(),
        samples::confirm_second_factor(),
        samples::prove_second_factor(),
        samples::recovery_codes()
    );
    for secret in samples::SECRETS {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

/// Two shapes in one place are told apart by what each must have.
#[test]
fn a_job_of_a_portal_and_one_of_a_lot_are_told_apart() {
    let portal = jobs::Job::Portal(samples::portal_job());
    for job in [portal, samples::job()] {
        let sent = serde_json::to_value(&job).expect("plain data");
        assert_eq!(serde_json::from_value::<jobs::Job>(sent).expect("a job"), job);
    }
}
