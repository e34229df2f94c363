//! Invented values of external providers, of what they offer, and of who sells it.

use counterfoil_domain::market::{Details, Markup, Nanos, OfferingStatus, ProviderStatus, RelationshipStatus};
use counterfoil_wire::{providers, relationships};

use super::{AT, id};

fn price() -> Nanos {
    "12.345678901".parse().expect("a price")
}

fn attributes() -> Details {
    Details::from_json(r#"{"channels":"120","quality":"4K"}"#).expect("attributes")
}

pub(crate) fn save_provider() -> providers::SaveProvider {
    providers::SaveProvider {
        provider_id: id(70),
        name: "Harbour Lights".into(),
        contact_name: "Mira Castell".into(),
        email: "sales@provider.example.org".into(),
        phone: "+49 30 5550177".into(),
        website: "https://provider.example.org".into(),
        currency: "EUR".into(),
        status: ProviderStatus::Active,
        notes: "Pays on the 5th".into(),
        revision: 3,
    }
}

pub(crate) fn provider() -> providers::Provider {
    providers::Provider {
        provider_id: id(70),
        name: "Harbour Lights".into(),
        contact_name: "Mira Castell".into(),
        email: "sales@provider.example.org".into(),
        phone: "+49 30 5550177".into(),
        website: "https://provider.example.org".into(),
        currency: "EUR".into(),
        status: ProviderStatus::Suspended,
        notes: "Pays on the 5th".into(),
        revision: 3,
        offerings: 120,
        resellers: 4,
        created_at: AT,
        changed_at: AT,
    }
}

pub(crate) fn save_offering() -> providers::SaveOffering {
    providers::SaveOffering {
        offering_id: id(71),
        article: "HL-1".into(),
        name: "Harbour Month".into(),
        description: "In two languages".into(),
        base_price: price(),
        term_days: 30,
        attributes: attributes(),
        stock: Some(20),
        status: OfferingStatus::Active,
        revision: 2,
    }
}

pub(crate) fn offering() -> providers::Offering {
    providers::Offering {
        offering_id: id(71),
        provider_id: id(70),
        article: "HL-1".into(),
        name: "Harbour Month".into(),
        description: "In two languages".into(),
        base_price: price(),
        currency: "EUR".into(),
        term_days: 30,
        attributes: attributes(),
        stock: Some(20),
        status: OfferingStatus::Withdrawn,
        revision: 2,
        changed_at: AT,
    }
}

pub(crate) fn import_offerings() -> providers::ImportOfferings {
    let line = providers::OfferingLine {
        line: 2,
        article: "HL-1".into(),
        name: "Harbour Month".into(),
        description: "In two languages".into(),
        base_price: "12.345678901".into(),
        term_days: "30".into(),
        attributes: r#"{"quality":"4K"}"#.into(),
        stock: "20".into(),
        status: "active".into(),
    };
    providers::ImportOfferings { dry_run: true, lines: vec![line] }
}

pub(crate) fn imported_offerings() -> providers::ImportedOfferings {
    let refused = providers::RefusedLine { line: 3, field: "base_price".into(), detail: "a price is a number".into() };
    providers::ImportedOfferings { created: 1, changed: 2, same: 3, written: false, refused: vec![refused] }
}

pub(crate) fn external_provider() -> relationships::ExternalProvider {
    relationships::ExternalProvider {
        provider_id: id(70),
        name: "Harbour Lights".into(),
        website: "https://provider.example.org".into(),
        currency: "EUR".into(),
        status: ProviderStatus::Active,
        offerings: 120,
        relationship: Some(relationship()),
    }
}

pub(crate) fn relationship() -> relationships::Relationship {
    relationships::Relationship {
        relationship_id: id(72),
        reseller_id: id(4),
        company: "Corner Shop".into(),
        provider_id: id(70),
        provider_name: "Harbour Lights".into(),
        currency: "EUR".into(),
        markup: Markup::DEFAULT,
        status: RelationshipStatus::Inactive,
        revision: 4,
        created_at: AT,
        changed_at: AT,
    }
}

pub(crate) fn open_relationship() -> relationships::OpenRelationship {
    relationships::OpenRelationship { relationship_id: id(72), provider_id: id(70), markup: Some(12) }
}

pub(crate) fn save_relationship() -> relationships::SaveRelationship {
    relationships::SaveRelationship { markup: 12, status: RelationshipStatus::Suspended, revision: 4 }
}
