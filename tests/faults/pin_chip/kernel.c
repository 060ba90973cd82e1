/* The kernel's side of /dev/gpiochipN for machines that have none, laid under a process with LD_PRELOAD: a request for
 * an output line, read by the kernel's own header, becomes a line "nanoseconds pin level" in the file PIN_CHIP. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int chip = -1;

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    if (strncmp(path, "/dev/gpiochip", 13) == 0)
        return chip = (int)syscall(SYS_openat, AT_FDCWD, getenv("PIN_CHIP"), O_WRONLY | O_APPEND | O_CREAT, 0600);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int ioctl(int fd, unsigned long request, ...) {
    va_list more;
    va_start(more, request);
    void *given = va_arg(more, void *);
    va_end(more);
    if (fd != chip || chip < 0)
        return (int)syscall(SYS_ioctl, fd, request, given);
    struct gpio_v2_line_request *line = given;
    struct gpio_v2_line_config *how = &line->config;
    if (request != GPIO_V2_GET_LINE_IOCTL || line->num_lines != 1 || how->flags != GPIO_V2_LINE_FLAG_OUTPUT ||
        how->num_attrs != 1 || how->attrs[0].attr.id != GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES || how->attrs[0].mask != 1) {
        errno = EINVAL;
        return -1;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    dprintf(chip, "%lld %u %d\n", now.tv_sec * 1000000000LL + now.tv_nsec, line->offsets[0],
            (int)(how->attrs[0].attr.values & 1));
    return line->fd = dup(chip);
}
