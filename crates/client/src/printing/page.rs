//! Laying out a page, with nothing but what is in the program: no file, no network, no package.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue as _, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use super::PrintError;

struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts: Vec<Font> = typst_assets::fonts().flat_map(|font| Font::iter(Bytes::new(font))).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
});

struct Page {
    library: LazyHash<Library>,
    source: Source,
}

impl World for Page {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _id: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        // Dates on paper are data, not the machine's guess.
        None
    }
}

/// A PDF of a template whose `sys.inputs.data` is this JSON, and `sys.inputs.logo` this PNG picture, or none. Data never
/// becomes part of the template's text.
///
/// A picture that cannot be unpacked is left out: a customer waits for the page, and not for the logo.
pub(crate) fn pdf(template: &str, data: &str, logo: Option<Vec<u8>>) -> Result<Vec<u8>, PrintError> {
    if let Some(logo) = logo {
        match lay_out(template, data, Bytes::new(logo).into_value()) {
            Ok(written) => return Ok(written),
            Err(error) => tracing::warn!(%error, "a page is made without the logo"),
        }
    }
    lay_out(template, data, Value::None)
}

fn lay_out(template: &str, data: &str, logo: Value) -> Result<Vec<u8>, PrintError> {
    let layout = |text: String| PrintError::Layout(text);
    let path = VirtualPath::new("main.typ").map_err(|error| layout(format!("{error:?}")))?;
    let id = FileId::new(RootedPath::new(VirtualRoot::Project, path));
    let inputs: Dict = [("data".into(), data.into_value()), ("logo".into(), logo)].into_iter().collect();
    let library = LazyHash::new(Library::builder().with_inputs(inputs).build());
    let page = Page { library, source: Source::new(id, template.to_owned()) };
    let laid_out = typst::compile::<PagedDocument>(&page).output;
    let written = laid_out
        .and_then(|document| typst_pdf::pdf(&document, &PdfOptions::default()))
        .map_err(|errors| layout(errors.iter().map(message).collect::<Vec<_>>().join("; ")));
    // Layout results are remembered for ever otherwise, after failures too.
    comemo::evict(0);
    written
}

fn message(error: &SourceDiagnostic) -> String {
    error.message.to_string()
}
