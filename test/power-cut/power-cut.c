/*
 * What a disk holds after a cut of power. Preloaded (LD_PRELOAD) into one process by power-cut.ts, this library keeps, beside a folder,
 * a shadow of it with only what was synced: writes reach the shadow at fsync or fdatasync of their file, names (create, unlink, rename,
 * mkdir) at fsync of the folder that holds them. With POWER_CUT_LEAK, some of the unsynced rest gets there too, torn at a sector, in any
 * order, as a kernel may write back what it likes. While a file named by POWER_CUT_BROKEN exists, syncing a file of the folder is an I/O error. Stricter than most file systems, which is the point: what survives here survives there.
 *
 * Not followed: mmap (SQLite's -shm, rebuilt after a crash, is left out), stdio, sendfile and copy_file_range, io_uring, dup, two processes at once (one after the other is fine).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define SECTOR 512
#define FDS 65536

struct change { off_t offset; size_t length; char *bytes; struct change *next; };            /* bytes NULL: truncate to offset */
struct file { dev_t dev; ino_t ino; int shadow; char inode[PATH_MAX]; struct change *first, **last; struct file *next; };
struct name { char path[PATH_MAX]; struct file *file; int made, synced; struct name *next; }; /* made: 1 create, 0 unlink, 2 mkdir; path relative to the folder */
struct open { dev_t dev; ino_t ino; struct file *file; char *dir; };

static char folder[PATH_MAX], shadow[PATH_MAX];
static double leak;
static struct file *files;
static struct name *names, **lastName = &names;
static struct open opened[FDS];
static unsigned inodes;
static unsigned long long seed = 88172645463325252ULL;
static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static int (*realOpen)(const char *, int, ...);
static int (*realFsync)(int), (*realFdatasync)(int), (*realFtruncate)(int, off_t);
static int (*realUnlink)(const char *), (*realRename)(const char *, const char *), (*realMkdir)(const char *, mode_t), (*realLink)(const char *, const char *);
static ssize_t (*realWrite)(int, const void *, size_t), (*realPwrite)(int, const void *, size_t, off_t);
static ssize_t (*realWritev)(int, const struct iovec *, int), (*realPwritev)(int, const struct iovec *, int, off_t);

static void die(const char *what) {
  fprintf(stderr, "power-cut: %s: %s\n", what, strerror(errno));
  abort();
}

__attribute__((constructor(101))) static void start(void) {
  realOpen = dlsym(RTLD_NEXT, "open64");
  realFsync = dlsym(RTLD_NEXT, "fsync");
  realFdatasync = dlsym(RTLD_NEXT, "fdatasync");
  realFtruncate = dlsym(RTLD_NEXT, "ftruncate64");
  realUnlink = dlsym(RTLD_NEXT, "unlink");
  realRename = dlsym(RTLD_NEXT, "rename");
  realMkdir = dlsym(RTLD_NEXT, "mkdir");
  realLink = dlsym(RTLD_NEXT, "link");
  realWrite = dlsym(RTLD_NEXT, "write");
  realPwrite = dlsym(RTLD_NEXT, "pwrite64");
  realWritev = dlsym(RTLD_NEXT, "writev");
  realPwritev = dlsym(RTLD_NEXT, "pwritev64");
  const char *f = getenv("POWER_CUT_FOLDER"), *s = getenv("POWER_CUT_SHADOW"), *l = getenv("POWER_CUT_LEAK"), *r = getenv("POWER_CUT_SEED");
  if (!f || !s) return;
  snprintf(folder, sizeof folder, "%s", f);
  snprintf(shadow, sizeof shadow, "%s", s);
  leak = l ? atof(l) : 0;
  if (r) seed ^= strtoull(r, NULL, 10) * 2654435761ULL;
}

static int chance(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return leak > 0 && (double)(seed >> 11) / 9007199254740992.0 < leak;
}

/* The path relative to the folder ("" for the folder itself), or NULL where it is none of ours. */
static const char *inside(const char *path, char out[PATH_MAX]) {
  if (!folder[0] || !path) return NULL;
  char whole[PATH_MAX];
  if (path[0] == '/') snprintf(whole, sizeof whole, "%s", path);
  else {
    if (!getcwd(whole, sizeof whole)) return NULL;
    size_t n = strlen(whole);
    snprintf(whole + n, sizeof whole - n, "/%s", path);
  }
  size_t n = strlen(whole), base = strlen(folder);
  while (n > 1 && whole[n - 1] == '/') whole[--n] = 0;
  if (strncmp(whole, folder, base) || (whole[base] && whole[base] != '/')) return NULL;
  if (n > 4 && !strcmp(whole + n - 4, "-shm")) return NULL;
  snprintf(out, PATH_MAX, "%s", whole[base] ? whole + base + 1 : "");
  return out;
}

static void inShadow(const char *path, char out[PATH_MAX]) {
  if (snprintf(out, PATH_MAX, "%s/%s", shadow, path) >= PATH_MAX) die("path too long");
}

static struct file *tracked(dev_t dev, ino_t ino) {
  for (struct file *f = files; f; f = f->next)
    if (f->dev == dev && f->ino == ino) return f;
  return NULL;
}

static void reach(struct file *f, const struct change *c, size_t length) {
  if (!c->bytes ? realFtruncate(f->shadow, c->offset) : realPwrite(f->shadow, c->bytes, length, c->offset) != (ssize_t)length) die("shadow");
}

static void changed(struct file *f, off_t offset, const void *bytes, size_t length) {
  struct change *c = malloc(sizeof *c);
  *c = (struct change){offset, length, bytes ? memcpy(malloc(length + 1), bytes, length) : NULL, NULL};
  *f->last = c, f->last = &c->next;
  if (!chance()) return;
  size_t torn = chance() && bytes ? (size_t)(seed >> 20) % (length + 1) : length;
  if (torn < length) { /* a whole number of sectors of the disk */
    off_t end = (offset + (off_t)torn) / SECTOR * SECTOR;
    torn = end > offset ? (size_t)(end - offset) : 0;
  }
  reach(f, c, torn);
}

static void synced(struct file *f) {
  for (struct change *c = f->first, *next; c; c = next) {
    reach(f, c, c->length);
    next = c->next;
    free(c->bytes), free(c);
  }
  f->first = NULL, f->last = &f->first;
}

static int parentIs(const char *path, const char *dir) {
  const char *slash = strrchr(path, '/');
  size_t n = slash ? (size_t)(slash - path) : 0;
  return strlen(dir) == n && !strncmp(path, dir, n);
}

/* Lets the synced names reach the shadow, in their order; one whose folder is not durable itself waits for that. */
static void reachNames(void) {
  for (struct name **at = &names, *n; (n = *at);) {
    char target[PATH_MAX], fresh[PATH_MAX + 8];
    inShadow(n->path, target);
    int done = 0;
    if (n->synced && n->made == 2) done = !realMkdir(target, 0755) || errno == EEXIST;
    else if (n->synced && n->made == 0) done = !realUnlink(target) || errno == ENOENT;
    else if (n->synced) {
      snprintf(fresh, sizeof fresh, "%s.fresh", target);
      if (!realLink(n->file->inode, fresh)) done = !realRename(fresh, target), realUnlink(fresh);
    }
    if (!done) { at = &n->next; continue; }
    *at = n->next;
    free(n);
  }
  for (lastName = &names; *lastName; lastName = &(*lastName)->next);
}

static void named(const char *path, struct file *file, int made) {
  struct name *n = calloc(1, sizeof *n);
  snprintf(n->path, PATH_MAX, "%s", path);
  n->file = file, n->made = made;
  *lastName = n, lastName = &n->next;
  if (chance()) n->synced = 1, reachNames();
}

/*
 * A file seen for the first time. Folder and shadow begin alike, so what the shadow lacks of a file that was there before us was left
 * unsynced by an earlier process, and a sync of ours makes it durable too.
 */
static struct file *track(const struct stat *st, const char *path, int isNew) {
  struct file *f = tracked(st->st_dev, st->st_ino);
  if (f && !isNew) return f;
  if (f) f->ino = 0; /* the number of a file long gone, given out again */
  f = calloc(1, sizeof *f);
  f->dev = st->st_dev, f->ino = st->st_ino, f->last = &f->first;
  if (snprintf(f->inode, PATH_MAX, "%s.inodes/%d.%u", shadow, getpid(), inodes++) >= PATH_MAX) die("path too long");
  char target[PATH_MAX], from[PATH_MAX];
  inShadow(path, target);
  int durable = !isNew && !realLink(target, f->inode);
  if ((f->shadow = realOpen(f->inode, O_RDWR | O_CREAT | O_CLOEXEC, 0644)) < 0) die(f->inode);
  f->next = files, files = f;
  if (isNew) return f;
  if (snprintf(from, sizeof from, "%s/%s", folder, path) >= PATH_MAX) die("path too long");
  char *now = malloc(st->st_size + 1);
  int source = realOpen(from, O_RDONLY | O_CLOEXEC);
  ssize_t length = source < 0 ? -1 : pread(source, now, st->st_size, 0);
  if (length < 0) die(from);
  close(source);
  changed(f, length, NULL, 0);
  if (length > 0) changed(f, 0, now, length);
  free(now);
  if (!durable) named(path, f, 1);
  return f;
}

static int openedAs(int fd, const char *path, int flags, int existed) {
  char relative[PATH_MAX];
  struct stat st;
  if (fd < 0 || fd >= FDS || !inside(path, relative) || fstat(fd, &st)) return fd;
  pthread_mutex_lock(&mutex);
  free(opened[fd].dir);
  opened[fd] = (struct open){.dev = st.st_dev, .ino = st.st_ino};
  if (S_ISDIR(st.st_mode)) opened[fd].dir = strdup(relative);
  else if (S_ISREG(st.st_mode)) {
    struct file *f = opened[fd].file = track(&st, relative, !existed);
    if (!existed) named(relative, f, 1);
    else if (flags & O_TRUNC) changed(f, 0, NULL, 0);
  }
  pthread_mutex_unlock(&mutex);
  return fd;
}

static int follow(const char *path, int flags, mode_t mode) {
  char relative[PATH_MAX];
  struct stat st;
  if (!inside(path, relative)) return realOpen(path, flags, mode);
  pthread_mutex_lock(&mutex);
  int existed = !stat(path, &st), fd = openedAs(realOpen(path, flags, mode), path, flags, existed), error = errno;
  pthread_mutex_unlock(&mutex);
  errno = error;
  return fd;
}

#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags) return follow(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return follow(path, flags, mode); }
int creat(const char *path, mode_t mode) { return follow(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
static int at(int dir, const char *path, int flags, mode_t mode) {
  static int (*real)(int, const char *, int, ...);
  if (!real) real = dlsym(RTLD_NEXT, "openat64");
  return dir == AT_FDCWD || path[0] == '/' ? follow(path, flags, mode) : real(dir, path, flags, mode);
}
int openat(int dir, const char *path, int flags, ...) { MODE(flags) return at(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE(flags) return at(dir, path, flags, mode); }

/* What is open there. Node closes descriptors by a bare system call, so an entry counts only while it is still the same file. */
static struct open *openAt(int fd) {
  static struct open none;
  struct stat st;
  if (fd < 0 || fd >= FDS || !(opened[fd].file || opened[fd].dir)) return &none;
  return fstat(fd, &st) || st.st_dev != opened[fd].dev || st.st_ino != opened[fd].ino ? &none : &opened[fd];
}
static struct file *fileOf(int fd) { return openAt(fd)->file; }

/* All writes: `call` does the real one, `offset` -1 stands for the file's own position. */
#define WRITES(call, offset, bytesAt) \
  if (!fileOf(fd)) return call; \
  pthread_mutex_lock(&mutex); \
  ssize_t n = call; \
  int error = errno; \
  if (n > 0) changed(fileOf(fd), (offset) < 0 ? lseek(fd, 0, SEEK_CUR) - n : (offset), bytesAt, n); \
  pthread_mutex_unlock(&mutex); \
  errno = error; \
  return n;

static char *joined(const struct iovec *parts, int count) {
  static char *all; /* under the mutex */
  size_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  all = realloc(all, length + 1), length = 0;
  for (int i = 0; i < count; i++) memcpy(all + length, parts[i].iov_base, parts[i].iov_len), length += parts[i].iov_len;
  return all;
}

ssize_t write(int fd, const void *bytes, size_t length) { WRITES(realWrite(fd, bytes, length), (off_t)-1, bytes) }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { WRITES(realPwrite(fd, bytes, length, offset), offset, bytes) }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) { WRITES(realPwrite(fd, bytes, length, offset), offset, bytes) }
ssize_t writev(int fd, const struct iovec *parts, int count) { WRITES(realWritev(fd, parts, count), (off_t)-1, joined(parts, count)) }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { WRITES(realPwritev(fd, parts, count, offset), offset, joined(parts, count)) }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) { WRITES(realPwritev(fd, parts, count, offset), offset, joined(parts, count)) }

static int truncated(int fd, off_t size) {
  pthread_mutex_lock(&mutex);
  int result = realFtruncate(fd, size), error = errno;
  if (!result && fileOf(fd)) changed(fileOf(fd), size, NULL, 0);
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}
int ftruncate(int fd, off_t size) { return truncated(fd, size); }
int ftruncate64(int fd, off_t size) { return truncated(fd, size); }

static int sync1(int fd, int (*real)(int)) {
  pthread_mutex_lock(&mutex);
  const char *broken = getenv("POWER_CUT_BROKEN");
  int fails = broken && fileOf(fd) && !access(broken, F_OK), result = fails ? -1 : real(fd), error = fails ? EIO : errno;
  struct open *synchronised = openAt(fd);
  if (!result && synchronised->file) synced(synchronised->file);
  if (!result && synchronised->dir) {
    for (struct name *n = names; n; n = n->next) if (parentIs(n->path, synchronised->dir)) n->synced = 1;
    reachNames();
  }
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}
int fsync(int fd) { return sync1(fd, realFsync); }
int fdatasync(int fd) { return sync1(fd, realFdatasync); }

int unlink(const char *path) {
  char relative[PATH_MAX];
  if (!inside(path, relative)) return realUnlink(path);
  pthread_mutex_lock(&mutex);
  int result = realUnlink(path), error = errno;
  if (!result) named(relative, NULL, 0);
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

int mkdir(const char *path, mode_t mode) {
  char relative[PATH_MAX];
  if (!inside(path, relative)) return realMkdir(path, mode);
  pthread_mutex_lock(&mutex);
  int result = realMkdir(path, mode), error = errno;
  if (!result) named(relative, NULL, 2);
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

/* A new name for a file that has one: the new one is durable with its folder, the old one goes with its own. */
static int moved(int (*real)(const char *, const char *), const char *from, const char *to) {
  char old[PATH_MAX], new[PATH_MAX];
  const char *a = inside(from, old), *b = inside(to, new);
  if (!a && !b) return real(from, to);
  pthread_mutex_lock(&mutex);
  struct stat st;
  if (stat(from, &st)) st.st_mode = 0;
  struct file *f = a && S_ISREG(st.st_mode) ? track(&st, old, 0) : NULL;
  int result = real(from, to), error = errno;
  if (!result && !f && S_ISREG(st.st_mode) && b) f = track(&st, new, 1); /* from elsewhere: its bytes count as unsynced, so as none */
  if (!result && !S_ISREG(st.st_mode)) errno = ENOTSUP, die("a folder was renamed");
  if (!result && b) named(new, f, 1);
  if (!result && a && real == realRename) named(old, NULL, 0);
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}
int rename(const char *from, const char *to) { return moved(realRename, from, to); }
int link(const char *from, const char *to) { return moved(realLink, from, to); }
