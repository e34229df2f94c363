//! The layer between SQLite and the real file system, in the shape SQLite asks for.
//!
//! Each open file is a [`Layered`]: SQLite's own header, the disk it stands on, and after it the real file system's
//! file. Everything goes to the real one; the changing calls ask the disk first.
//!
//! Safety, once for the whole file: SQLite calls these functions only with objects it made as it was told to (of
//! `szOsFile` bytes, aligned to 8, zeroed, opened before anything else and closed once), never two at a time on one
//! file. The real file system is asked with its own part of the object. Nothing here panics across the boundary: no
//! call can fail but by a return code.

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::{Arc, Mutex, Once, PoisonError, Weak};

use libsqlite3_sys as ffi;

use crate::disk::{Shared, Verdict};

static INSTALL: Once = Once::new();
static DISKS: Mutex<Vec<Weak<Shared>>> = Mutex::new(Vec::new());

const NAME: &CStr = c"counterfoil-faulty-disk";

/// The real file system, leaked with the layer: SQLite keeps both for as long as the process lives.
struct Real(*mut ffi::sqlite3_vfs);

#[repr(C, align(8))]
struct Layered {
    header: ffi::sqlite3_file,
    /// None outside of every faulty disk.
    place: Option<Box<Place>>,
}

struct Place {
    disk: Arc<Shared>,
    path: PathBuf,
}

pub(crate) fn mount(disk: &Arc<Shared>) {
    let mut disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    disks.retain(|known| known.strong_count() > 0);
    disks.push(Arc::downgrade(disk));
}

fn disk_of(path: &Path) -> Option<Arc<Shared>> {
    let disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    disks.iter().rev().filter_map(Weak::upgrade).find(|disk| path.starts_with(disk.folder()))
}

/// Makes the layer SQLite's default file system.
pub(crate) fn install() {
    INSTALL.call_once(|| {
        // SAFETY: the default file system exists from the library's initialisation on and is never freed; the layer is
        // leaked, so that it lives as long as SQLite may use it.
        unsafe {
            ffi::sqlite3_initialize();
            let real = ffi::sqlite3_vfs_find(ptr::null());
            let mut layer = *real;
            layer.pNext = ptr::null_mut();
            layer.zName = NAME.as_ptr();
            let own = c_int::try_from(size_of::<Layered>()).unwrap_or(64);
            layer.szOsFile = (*real).szOsFile + own;
            layer.pAppData = Box::into_raw(Box::new(Real(real))).cast::<c_void>();
            layer.xOpen = Some(open);
            layer.xDelete = Some(delete);
            layer.xAccess = Some(access);
            layer.xFullPathname = Some(full_pathname);
            layer.xRandomness = Some(randomness);
            layer.xSleep = Some(sleep);
            layer.xCurrentTime = Some(current_time);
            layer.xGetLastError = Some(last_error);
            layer.xCurrentTimeInt64 = Some(current_time_int64);
            // Loading libraries and replacing system calls are the real one's alone.
            (layer.xDlOpen, layer.xDlError, layer.xDlSym, layer.xDlClose) = (None, None, None, None);
            (layer.xSetSystemCall, layer.xGetSystemCall, layer.xNextSystemCall) = (None, None, None);
            layer.iVersion = 2;
            ffi::sqlite3_vfs_register(Box::into_raw(Box::new(layer)), 1);
        }
    });
}

unsafe fn real_vfs(layer: *mut ffi::sqlite3_vfs) -> *mut ffi::sqlite3_vfs {
    // SAFETY: pAppData is the leaked `Real`.
    unsafe { (*(*layer).pAppData.cast::<Real>()).0 }
}

/// Asks the real file system; a function it does not have is an error.
macro_rules! ask_vfs {
    ($layer:ident . $call:ident ( $($argument:expr),* )) => {{
        // SAFETY: see the head of this file.
        unsafe {
            let real = real_vfs($layer);
            match (*real).$call {
                Some(call) => call(real, $($argument),*),
                None => ffi::SQLITE_ERROR,
            }
        }
    }};
}

/// Asks the real file.
macro_rules! ask_file {
    ($file:ident . $call:ident ( $($argument:expr),* )) => {{
        // SAFETY: see the head of this file.
        unsafe {
            let real = real_file($file);
            match (*(*real).pMethods).$call {
                Some(call) => call(real, $($argument),*),
                None => ffi::SQLITE_ERROR,
            }
        }
    }};
}

unsafe fn real_file(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: the real file's object follows ours; ours is a multiple of 8 bytes long.
    unsafe { file.cast::<Layered>().add(1).cast::<ffi::sqlite3_file>() }
}

unsafe fn place<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a Place> {
    // SAFETY: `open` has written the whole `Layered`.
    unsafe { (*file.cast::<Layered>()).place.as_deref() }
}

unsafe fn path<'a>(name: *const c_char) -> Option<&'a Path> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's names end with a zero byte and outlive the call.
    Some(Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes())))
}

extern "C" fn open(
    layer: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: see the head of this file.
    let known = unsafe { path(name) };
    let place = known.and_then(|path| Some(Box::new(Place { disk: disk_of(path)?, path: path.to_owned() })));
    // SAFETY: SQLite gave `szOsFile` bytes for this object.
    unsafe {
        let header = ffi::sqlite3_file { pMethods: ptr::null() };
        ptr::write(file.cast::<Layered>(), Layered { header, place });
        (*real_file(file)).pMethods = ptr::null();
    }
    // SAFETY: the real file's part of the object is its own.
    let answer = ask_vfs!(layer.xOpen(name, real_file(file), flags, out));
    // SAFETY: written above. Without methods SQLite will not close the file, so what it holds is dropped here.
    unsafe {
        if (*real_file(file)).pMethods.is_null() {
            (*file.cast::<Layered>()).place = None;
        } else {
            (*file).pMethods = &raw const METHODS;
        }
    }
    answer
}

extern "C" fn delete(layer: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: see the head of this file.
    if let Some(path) = unsafe { path(name) }
        && let Some(disk) = disk_of(path)
        && disk.delete(path) != Verdict::Go
    {
        return ffi::SQLITE_IOERR_DELETE;
    }
    ask_vfs!(layer.xDelete(name, sync))
}

extern "C" fn access(layer: *mut ffi::sqlite3_vfs, name: *const c_char, flags: c_int, out: *mut c_int) -> c_int {
    ask_vfs!(layer.xAccess(name, flags, out))
}

extern "C" fn full_pathname(layer: *mut ffi::sqlite3_vfs, name: *const c_char, n: c_int, out: *mut c_char) -> c_int {
    ask_vfs!(layer.xFullPathname(name, n, out))
}

extern "C" fn randomness(layer: *mut ffi::sqlite3_vfs, n: c_int, out: *mut c_char) -> c_int {
    ask_vfs!(layer.xRandomness(n, out))
}

extern "C" fn sleep(layer: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    ask_vfs!(layer.xSleep(microseconds))
}

extern "C" fn current_time(layer: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    ask_vfs!(layer.xCurrentTime(out))
}

extern "C" fn last_error(layer: *mut ffi::sqlite3_vfs, n: c_int, out: *mut c_char) -> c_int {
    ask_vfs!(layer.xGetLastError(n, out))
}

extern "C" fn current_time_int64(layer: *mut ffi::sqlite3_vfs, out: *mut ffi::sqlite3_int64) -> c_int {
    ask_vfs!(layer.xCurrentTimeInt64(out))
}

/// Version 2: shared memory for the write-ahead log, no mapping of the database, so that nothing passes this layer by.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let answer = ask_file!(file.xClose());
    // SAFETY: SQLite closes a file once and then forgets it.
    unsafe { (*file.cast::<Layered>()).place = None };
    answer
}

extern "C" fn read(file: *mut ffi::sqlite3_file, to: *mut c_void, amount: c_int, offset: ffi::sqlite3_int64) -> c_int {
    ask_file!(file.xRead(to, amount, offset))
}

extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: see the head of this file; `from` has `amount` bytes.
    let (place, data) =
        unsafe { (place(file), std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(amount).unwrap_or(0))) };
    if let Some(place) = place {
        match place.disk.write(&place.path, u64::try_from(offset).unwrap_or(0), data) {
            Verdict::Go => {}
            Verdict::Full => return ffi::SQLITE_FULL,
            Verdict::Dead => return ffi::SQLITE_IOERR_WRITE,
        }
    }
    ask_file!(file.xWrite(from, amount, offset))
}

extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: see the head of this file.
    if let Some(place) = unsafe { place(file) }
        && place.disk.truncate(&place.path, u64::try_from(size).unwrap_or(0)) == Verdict::Dead
    {
        return ffi::SQLITE_IOERR_TRUNCATE;
    }
    ask_file!(file.xTruncate(size))
}

extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: see the head of this file.
    if let Some(place) = unsafe { place(file) }
        && !place.disk.sync(&place.path)
    {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    ask_file!(file.xSync(flags))
}

extern "C" fn file_size(file: *mut ffi::sqlite3_file, out: *mut ffi::sqlite3_int64) -> c_int {
    ask_file!(file.xFileSize(out))
}

extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    ask_file!(file.xLock(level))
}

extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    ask_file!(file.xUnlock(level))
}

extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    ask_file!(file.xCheckReservedLock(out))
}

extern "C" fn file_control(file: *mut ffi::sqlite3_file, what: c_int, argument: *mut c_void) -> c_int {
    ask_file!(file.xFileControl(what, argument))
}

extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    ask_file!(file.xSectorSize())
}

extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: see the head of this file.
    if unsafe { place(file) }.is_some() {
        // Promise nothing: no atomic writes, no order, no safe appends.
        return 0;
    }
    ask_file!(file.xDeviceCharacteristics())
}

extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    ask_file!(file.xShmMap(page, size, extend, out))
}

extern "C" fn shm_lock(file: *mut ffi::sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    ask_file!(file.xShmLock(offset, n, flags))
}

extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    // SAFETY: see the head of this file.
    unsafe {
        let real = real_file(file);
        if let Some(call) = (*(*real).pMethods).xShmBarrier {
            call(real);
        }
    }
}

extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    ask_file!(file.xShmUnmap(delete))
}
