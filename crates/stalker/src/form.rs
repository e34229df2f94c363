//! A request body: `application/x-www-form-urlencoded`, the only kind a portal reads.

use url::form_urlencoded::Serializer;

/// Fields of a write. What is secret in it is remembered, so that it can be taken out of what the portal says.
#[derive(Clone, Default)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    secrets: Vec<String>,
}

impl Form {
    pub(crate) fn field(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn secret(&mut self, name: &str, value: &str) -> &mut Self {
        self.secrets.push(value.to_owned());
        self.field(name, value)
    }

    /// `name[]=a&name[]=b`
    pub(crate) fn list<T: ToString>(&mut self, name: &str, values: &[T]) -> &mut Self {
        for value in values {
            self.field(&format!("{name}[]"), value.to_string());
        }
        self
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.fields.extend(other.fields);
        self.secrets.extend(other.secrets);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(crate) fn secrets(&self) -> &[String] {
        &self.secrets
    }

    pub(crate) fn encoded(&self) -> String {
        Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn is_encoded_as_a_browser_does() {
        let mut form = Form::default();
        form.field("login", "a+b & c%").field("full_name", "Иван").list("sub_ch", &[1, 2]);
        assert_eq!(
            form.encoded(),
            "login=a%2Bb+%26+c%25&full_name=%D0%98%D0%B2%D0%B0%D0%BD&sub_ch%5B%5D=1&sub_ch%5B%5D=2"
        );
    }
}
