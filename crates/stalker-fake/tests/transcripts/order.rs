//! In which order the exchanges were recorded. The recordings name the second only; within one, the contents decide.

/// What both portals were asked, each name behind the portal's prefix; a portal that lacks one was not asked it.
pub(crate) const BOTH: &str = "
auth-missing auth-wrong no-resource unknown-resource method-head method-patch accounts-list-empty unsupported-action
account-create account-create-minimal account-create-mac-lower-nocolon account-create-dup-login account-create-dup-mac
account-create-dup-accountnumber account-create-17char-junk-mac account-create-bad-mac account-create-no-login
account-create-empty-body account-create-json-body account-create-multipart account-create-unknown-fields-only
account-create-unknown-tariff account-create-bad-date account-create-reseller-fields account-create-reseller-unknown
account-create-cp1251-bytes account-create-cp1251-fullname account-create-emoji-fullname account-create-longlogin
account-create-login-plus-slash account-create-login-comma account-create-login-now account-create-tariff-expired
accounts-list accounts-list-noslash account-get-by-number account-get-by-mac account-get-by-mac-lower
account-get-by-mac-nocolon account-get-by-mac-percent account-get-multi account-get-multi-one-unknown
account-get-unknown account-get-zero account-get-empty-number-leading-comma user-get-by-login user-get-by-mac
user-get-unknown user-get-multi user-list-no-id user-get-login-plus-encoded user-get-login-comma user-get-cp1251
account-update account-get-after-update account-update-status-only user-update-by-login user-update-nochange
user-update-login-taken user-update-mac-taken user-update-mac-unnormalised user-get-after-mac-update
account-update-dup-number-hits-both account-get-dup-number account-update-unknown account-update-no-id
account-update-multi account-update-empty account-update-reseller account-update-json tariffs tariffs-one
tariffs-unknown services_package services_package-one services_package-unknown account_subscription-get
account_subscription-put account_subscription-get2 account_subscription-put-again account_subscription-put-unsub
account_subscription-post-replace account_subscription-delete account_subscription-unknown-pkg
account_subscription-unknown stb-list stb-get-mac stb-get-ls stb-get-unknown-mac stb-get-invalid-mac stb-create
stb-create-dup-mac stb-create-mac-only stb-create-no-mac-no-login stb-update stb-update-reboot-only
stb-update-unknown stb-update-noid stb_msg stb_msg-multi stb_msg-by-ls stb_msg-empty stb_msg-get stb_msg-unknown
send_event-msg send_event-reboot send_event-unknown-event send_event-unknown-mac send_event-partial-unknown
send_event-broadcast send_event-cut_off send_event-no-body itv itv-one itv_subscription-get itv_subscription-put
stb_modules-get stb_modules-put stb_auth-put monitoring_links monitoring_links-noaccept osd stb-delete
stb-delete-unknown account-delete-noid account-delete-unknown account-delete-multi account-delete user-delete
user-delete-again";

/// The reseller resource of Ministra, with its switch on.
pub(crate) const RESELLERS: &str = "
reseller-list reseller-get-one reseller-get-unknown reseller-get-by-name reseller-create reseller-create-dup
reseller-create-noname reseller-list2 reseller-update-dupname reseller-update reseller-update-nochange
reseller-update-noid reseller-update-unknown reseller-account-create reseller-account-get reseller-account-move
reseller-account-get2 reseller-account-clear-empty reseller-account-get3 reseller-account-clear-zero
reseller-account-get4 reseller-account-set-unknown reseller-account-field-reseller
reseller-account-field-reseller-mixed reseller-stb-put-unknown reseller-stb-put reseller-delete-with-users
reseller-delete reseller-delete-again";

/// The same with the switch off.
pub(crate) const RESELLERS_OFF: &str =
    "reseller-off-list reseller-off-account-get reseller-off-account-put reseller-off-account-put-mixed";

/// How Stalker 4.9 takes identifiers in the path, after the exchanges of [`BOTH`] and some that were not kept.
pub(crate) const PATHS: &str = "
account-double-slash-get account-space-id user-case-insensitive user-plus-raw user-trailing-space-login
user-amp-encoded user-plus-double-encoded user-slash-encoded user-cyrillic user-hash user-percent user-question
querystring-q querystring-q-plus querystring-q-slash unknown-resource-invalid-utf8 sub-v1";

/// What Stalker 4.9 makes of values, from an empty table.
pub(crate) const VALUES: &str = "
create-cp1251-fullname get-cp1251-fullname create-emoji get-emoji create-quote get-quote create-balance-text
get-balance-text create-enddate-unix get-enddate-unix create-enddate-2040 get-enddate-2040 create-enddate-empty
get-enddate-empty create-status-text get-status-text put-clear-mac put-clear-password put-tariff-empty
put-tariff-unknown put-login-rename put-login-empty create-array-field expect-100";

/// The write that reaches every row, after [`VALUES`].
pub(crate) const REBOOT: &str = "stb-create stb-put-reboot-plus-ls";
