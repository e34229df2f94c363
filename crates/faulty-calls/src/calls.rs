//! The program's end: functions of the C library's names, found before its own.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use libc::{mode_t, off_t, size_t, ssize_t};

use crate::switch::{BYTES, FOLDER, Fault, SWITCH};

/// What both processes see.
#[repr(C)]
struct Shared {
    at: AtomicU64,
    fault: AtomicU64,
    calls: AtomicU64,
}

struct Watch {
    shared: &'static Shared,
    folder: Vec<u8>,
}

fn watch() -> Option<&'static Watch> {
    static WATCH: OnceLock<Option<Watch>> = OnceLock::new();
    WATCH.get_or_init(map).as_ref()
}

fn map() -> Option<Watch> {
    let folder = std::env::var_os(FOLDER)?.as_bytes().to_vec();
    let mut path = std::env::var_os(SWITCH)?.as_bytes().to_vec();
    path.push(0);
    // SAFETY: `path` ends with a zero. The mapping is never undone, is as long as `Shared`, aligned to a page, and every
    // bit pattern is a valid `Shared`. The calls are made directly, past the functions below.
    unsafe {
        let file = libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path.as_ptr(), libc::O_RDWR, 0);
        let file = c_int::try_from(file).ok().filter(|file| *file >= 0)?;
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let mapped = libc::mmap(std::ptr::null_mut(), BYTES, access, libc::MAP_SHARED, file, 0);
        libc::close(file);
        (mapped != libc::MAP_FAILED).then(|| Watch { shared: &*mapped.cast::<Shared>(), folder })
    }
}

/// The number of an error when this call must fail. Does not return when the program ends here.
fn fault(watch: &Watch) -> Option<c_int> {
    let at = watch.shared.at.load(Ordering::SeqCst);
    if at == 0 || watch.shared.calls.fetch_add(1, Ordering::SeqCst) + 1 != at {
        return None;
    }
    match watch.shared.fault.load(Ordering::SeqCst) {
        full if full == Fault::Full as u64 => Some(libc::ENOSPC),
        broken if broken == Fault::Broken as u64 => Some(libc::EIO),
        // SAFETY: ends the process without running anything of it.
        _ => unsafe { libc::_exit(137) },
    }
}

/// For a call on an open file.
fn on_file(file: c_int) -> Option<c_int> {
    let watch = watch().filter(|watch| watch.shared.at.load(Ordering::SeqCst) != 0)?;
    let name = format!("/proc/self/fd/{file}\0");
    let mut path = [0_u8; 4096];
    // SAFETY: the name ends with a zero and the buffer is as long as said.
    let length = unsafe { libc::readlink(name.as_ptr().cast(), path.as_mut_ptr().cast(), path.len()) };
    let path = &path[..usize::try_from(length).ok()?];
    if path.starts_with(&watch.folder) { fault(watch) } else { None }
}

/// For a call on a name, which is a string of C.
fn on_path(path: *const c_char) -> Option<c_int> {
    let watch = watch().filter(|watch| watch.shared.at.load(Ordering::SeqCst) != 0)?;
    if path.is_null() {
        return None;
    }
    // SAFETY: whoever names a file gives a string of C.
    let path = unsafe { CStr::from_ptr(path) };
    if path.to_bytes().starts_with(&watch.folder) { fault(watch) } else { None }
}

/// Fails as the C library does.
fn failed(number: c_int) -> c_int {
    // SAFETY: the place of this thread's error number.
    unsafe { *libc::__errno_location() = number };
    -1
}

/// The C library's own function of this name.
fn next(name: &'static CStr, found: &'static OnceLock<usize>) -> *mut c_void {
    // SAFETY: the name is a string of C.
    let find = || unsafe { libc::dlsym(libc::RTLD_NEXT, name.as_ptr()) } as usize;
    *found.get_or_init(find) as *mut c_void
}

macro_rules! stand_in {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty, $faults:expr;)*) => {$(
        /// Stands in for the function of this name.
        ///
        /// # Safety
        /// As that function asks.
        #[unsafe(no_mangle)]
        #[allow(unreachable_pub, reason = "the loader finds it by its name")]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> $result {
            static NEXT: OnceLock<usize> = OnceLock::new();
            if let Some(number) = $faults {
                return failed(number) as $result;
            }
            let name = concat!(stringify!($name), "\0");
            // SAFETY: the name ends with a zero and has no other.
            let name = unsafe { CStr::from_bytes_with_nul_unchecked(name.as_bytes()) };
            // SAFETY: the C library has a function of this name with these arguments.
            unsafe {
                let function: unsafe extern "C" fn($($type),*) -> $result = std::mem::transmute(next(name, &NEXT));
                function($($argument),*)
            }
        }
    )*};
}

/// Whether a file is opened to be changed.
const fn writes(flags: c_int) -> bool {
    flags & (libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC) != 0
}

stand_in! {
    write(file: c_int, bytes: *const c_void, count: size_t) -> ssize_t, on_file(file);
    pwrite(file: c_int, bytes: *const c_void, count: size_t, at: off_t) -> ssize_t, on_file(file);
    pwrite64(file: c_int, bytes: *const c_void, count: size_t, at: off_t) -> ssize_t, on_file(file);
    fsync(file: c_int) -> c_int, on_file(file);
    fdatasync(file: c_int) -> c_int, on_file(file);
    ftruncate(file: c_int, length: off_t) -> c_int, on_file(file);
    ftruncate64(file: c_int, length: off_t) -> c_int, on_file(file);
    rename(from: *const c_char, to: *const c_char) -> c_int, on_path(to);
    unlink(path: *const c_char) -> c_int, on_path(path);
    open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int, open_fault(path, flags);
    open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int, open_fault(path, flags);
}

fn open_fault(path: *const c_char, flags: c_int) -> Option<c_int> {
    if writes(flags) { on_path(path) } else { None }
}
