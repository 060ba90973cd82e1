/*
 * A sound card without hardware: an ALSA ioplug plugin that takes real time, records bit by bit what it would
 * have sounded, tells in a log what happened when, and can be unplugged.
 *
 * Its clock is CLOCK_MONOTONIC from the instant of START, so the position is exact to a frame between periods.
 * A frame is recorded when its time has come and not before: what a drop throws away is not in the recording.
 *
 * A line of the log: EVENT realtime_ns monotonic_ns recorded frames
 * "recorded" is the length of the recording in frames, "frames" those sounded since the last START.
 */

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct virtual_card {
	snd_pcm_ioplug_t io;
	char *unplugged; /* while this file exists the card answers ENODEV */
	char *hung; /* while this file exists whoever asks the card anything gets no answer, as of a driver that is stuck */
	int record_fd;
	int log_fd;
	int lost; /* this handle was unplugged; it stays dead when the card is back, as a real one does */
	char *ring;
	size_t frame_bytes;
	snd_pcm_uframes_t boundary;
	snd_pcm_uframes_t avail_min;
	int64_t start_ns;
	uint64_t written; /* frames taken since prepare */
	uint64_t sounded; /* of these, how many the card's clock has passed */
	uint64_t recorded; /* frames in the recording, of all starts */
};

static int64_t now_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* What the wall clock showed at an instant of the other: read close together, whoever else wants the processor. */
static int64_t realtime_at(int64_t monotonic_ns)
{
	int64_t before, real, after;
	int tries = 100;

	do {
		before = now_ns(CLOCK_MONOTONIC);
		real = now_ns(CLOCK_REALTIME);
		after = now_ns(CLOCK_MONOTONIC);
	} while (after - before > 50000 && --tries);
	return real - (before - monotonic_ns);
}

static void tell_at(struct virtual_card *card, const char *event, int64_t monotonic_ns)
{
	char line[160];
	int length = snprintf(line, sizeof(line), "%s %lld %lld %llu %llu\n", event,
			      (long long)realtime_at(monotonic_ns), (long long)monotonic_ns,
			      (unsigned long long)card->recorded, (unsigned long long)card->sounded);

	if (write(card->log_fd, line, length) != length)
		SNDERR("the virtual card can't write its log");
}

static void tell(struct virtual_card *card, const char *event)
{
	tell_at(card, event, now_ns(CLOCK_MONOTONIC));
}

static void record(struct virtual_card *card, uint64_t until)
{
	while (card->sounded < until) {
		snd_pcm_uframes_t at = card->sounded % card->io.buffer_size;
		uint64_t run = until - card->sounded;
		ssize_t bytes;

		if (run > card->io.buffer_size - at)
			run = card->io.buffer_size - at;
		bytes = run * card->frame_bytes;
		if (write(card->record_fd, card->ring + at * card->frame_bytes, bytes) != bytes)
			SNDERR("the virtual card can't write its recording");
		card->sounded += run;
		card->recorded += run;
	}
}

static int clock_runs(struct virtual_card *card)
{
	return card->io.state == SND_PCM_STATE_RUNNING || card->io.state == SND_PCM_STATE_DRAINING;
}

static void wait_while(const char *hung)
{
	while (access(hung, F_OK) == 0)
		usleep(10000);
}

/*
 * Brings the recording up to this instant. Returns -ENODEV when unplugged, -EPIPE when the clock overtook the writer;
 * where nobody has asked it for so long that both are true it is unplugged, which was done by then.
 */
static int catch_up(struct virtual_card *card)
{
	uint64_t due = 0;

	wait_while(card->hung);
	if (card->lost)
		return -ENODEV;
	if (clock_runs(card)) {
		due = (uint64_t)((now_ns(CLOCK_MONOTONIC) - card->start_ns) / 1e9 * card->io.rate);
		record(card, due < card->written ? due : card->written);
	}
	if (access(card->unplugged, F_OK) == 0) {
		card->lost = 1;
		tell(card, "LOST");
		snd_pcm_ioplug_set_state(&card->io, SND_PCM_STATE_DISCONNECTED);
		return -ENODEV;
	}
	if (due > card->written && card->io.state == SND_PCM_STATE_RUNNING) {
		tell(card, "XRUN");
		snd_pcm_ioplug_set_state(&card->io, SND_PCM_STATE_XRUN);
		return -EPIPE;
	}
	return 0;
}

static int card_start(snd_pcm_ioplug_t *io)
{
	struct virtual_card *card = io->private_data;
	int64_t period_ns = (int64_t)io->period_size * 1000000000 / io->rate;
	struct itimerspec every = {
		.it_interval = { period_ns / 1000000000, period_ns % 1000000000 },
		.it_value = { period_ns / 1000000000, period_ns % 1000000000 },
	};

	if (catch_up(card) == -ENODEV)
		return -ENODEV;
	timerfd_settime(io->poll_fd, 0, &every, NULL);
	card->start_ns = now_ns(CLOCK_MONOTONIC);
	tell_at(card, "START", card->start_ns);
	return 0;
}

static int card_stop(snd_pcm_ioplug_t *io)
{
	struct virtual_card *card = io->private_data;

	if (!clock_runs(card) || card->lost)
		return 0;
	catch_up(card);
	if (!card->lost)
		tell(card, io->state == SND_PCM_STATE_DRAINING && card->sounded == card->written ? "DRAINED" : "STOP");
	return 0;
}

static snd_pcm_sframes_t card_pointer(snd_pcm_ioplug_t *io)
{
	struct virtual_card *card = io->private_data;

	if (catch_up(card) == -EPIPE)
		return -EPIPE;
	return card->sounded % card->boundary;
}

static int card_delay(snd_pcm_ioplug_t *io, snd_pcm_sframes_t *delay)
{
	struct virtual_card *card = io->private_data;
	int fault;

	if (io->state == SND_PCM_STATE_XRUN)
		return -EPIPE;
	fault = catch_up(card);
	if (fault < 0)
		return fault;
	*delay = (snd_pcm_sframes_t)(card->written - card->sounded);
	return 0;
}

static snd_pcm_sframes_t card_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
				       snd_pcm_uframes_t offset, snd_pcm_uframes_t size)
{
	struct virtual_card *card = io->private_data;
	const char *from = (const char *)areas->addr + areas->first / 8 + offset * card->frame_bytes;
	int fault = catch_up(card);
	snd_pcm_uframes_t done = 0;

	if (fault < 0)
		return fault;
	if (card->written == 0)
		tell(card, "FIRSTWRITE");
	while (done < size) {
		snd_pcm_uframes_t at = card->written % io->buffer_size;
		snd_pcm_uframes_t run = size - done;

		if (run > io->buffer_size - at)
			run = io->buffer_size - at;
		memcpy(card->ring + at * card->frame_bytes, from + done * card->frame_bytes, run * card->frame_bytes);
		card->written += run;
		done += run;
	}
	return size;
}

static int card_prepare(snd_pcm_ioplug_t *io)
{
	struct virtual_card *card = io->private_data;
	struct itimerspec at_once = { .it_interval = { 0, 0 }, .it_value = { 0, 1 } };

	if (card->lost || access(card->unplugged, F_OK) == 0)
		return -ENODEV;
	card->written = 0;
	card->sounded = 0;
	timerfd_settime(io->poll_fd, 0, &at_once, NULL); /* ready for poll before it is started */
	return 0;
}

static int card_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned int count, unsigned short *revents)
{
	struct virtual_card *card = io->private_data;
	uint64_t ticks;

	(void)count;
	*revents = 0;
	if (!(fds->revents & POLLIN))
		return 0;
	if (catch_up(card) < 0) {
		*revents = POLLERR | POLLOUT;
		return 0;
	}
	if (io->state == SND_PCM_STATE_DRAINING) {
		if (card->sounded == card->written)
			*revents = POLLOUT;
	} else if (io->buffer_size - (card->written - card->sounded) >= card->avail_min) {
		*revents = POLLOUT;
	}
	if (!*revents && read(io->poll_fd, &ticks, sizeof(ticks)) < 0 && errno != EAGAIN)
		return -errno;
	return 0;
}

static int card_hw_params(snd_pcm_ioplug_t *io, snd_pcm_hw_params_t *params)
{
	struct virtual_card *card = io->private_data;

	(void)params;
	card->frame_bytes = io->channels * snd_pcm_format_physical_width(io->format) / 8;
	card->recorded = lseek(card->record_fd, 0, SEEK_END) / card->frame_bytes;
	free(card->ring);
	card->ring = calloc(io->buffer_size, card->frame_bytes);
	return card->ring ? 0 : -ENOMEM;
}

static int card_sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params)
{
	struct virtual_card *card = io->private_data;

	snd_pcm_sw_params_get_avail_min(params, &card->avail_min);
	return snd_pcm_sw_params_get_boundary(params, &card->boundary);
}

static void forget(struct virtual_card *card)
{
	if (card->io.poll_fd >= 0)
		close(card->io.poll_fd);
	if (card->record_fd >= 0)
		close(card->record_fd);
	if (card->log_fd >= 0)
		close(card->log_fd);
	free(card->unplugged);
	free(card->hung);
	free(card->ring);
	free(card);
}

static int card_close(snd_pcm_ioplug_t *io)
{
	struct virtual_card *card = io->private_data;

	tell(card, "CLOSE");
	forget(card);
	return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
	.start = card_start,
	.stop = card_stop,
	.pointer = card_pointer,
	.delay = card_delay,
	.transfer = card_transfer,
	.prepare = card_prepare,
	.poll_revents = card_poll_revents,
	.hw_params = card_hw_params,
	.sw_params = card_sw_params,
	.close = card_close,
};

static int constrain(snd_pcm_ioplug_t *io, long channels)
{
	static const unsigned int access_types[] = { SND_PCM_ACCESS_MMAP_INTERLEAVED, SND_PCM_ACCESS_RW_INTERLEAVED };
	static const unsigned int formats[] = { SND_PCM_FORMAT_S16_LE };
	int err = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access_types);

	if (err >= 0)
		err = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, formats);
	if (err >= 0)
		err = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels ? channels : 1,
						      channels ? channels : 2);
	if (err >= 0)
		err = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, 48000, 48000);
	if (err >= 0)
		err = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, 1 << 20);
	if (err >= 0)
		err = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
	if (err >= 0)
		err = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 128, 4 << 20);
	return err;
}

SND_PCM_PLUGIN_DEFINE_FUNC(courtyard)
{
	snd_config_iterator_t i, next;
	const char *recording = NULL, *log = NULL, *unplugged = NULL, *busy = NULL, *hung = NULL;
	long channels = 0;
	struct virtual_card *card;
	int err;

	(void)root;
	snd_config_for_each(i, next, conf) {
		snd_config_t *entry = snd_config_iterator_entry(i);
		const char *id;

		if (snd_config_get_id(entry, &id) < 0)
			continue;
		if (strcmp(id, "recording") == 0)
			snd_config_get_string(entry, &recording);
		else if (strcmp(id, "log") == 0)
			snd_config_get_string(entry, &log);
		else if (strcmp(id, "unplugged") == 0)
			snd_config_get_string(entry, &unplugged);
		else if (strcmp(id, "busy") == 0)
			snd_config_get_string(entry, &busy);
		else if (strcmp(id, "hung") == 0)
			snd_config_get_string(entry, &hung);
		else if (strcmp(id, "channels") == 0)
			snd_config_get_integer(entry, &channels);
	}
	if (!recording || !log || !unplugged || !busy || !hung || stream != SND_PCM_STREAM_PLAYBACK)
		return -EINVAL;
	wait_while(hung);
	if (access(unplugged, F_OK) == 0)
		return -ENODEV;
	if (access(busy, F_OK) == 0)
		return -EBUSY;

	card = calloc(1, sizeof(*card));
	if (!card)
		return -ENOMEM;
	card->unplugged = strdup(unplugged);
	card->hung = strdup(hung);
	card->record_fd = open(recording, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	card->log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	card->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	card->io.version = SND_PCM_IOPLUG_VERSION;
	card->io.name = "The virtual card of the courtyard";
	card->io.flags = SND_PCM_IOPLUG_FLAG_MONOTONIC | SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
	card->io.poll_events = POLLIN;
	card->io.callback = &callbacks;
	card->io.private_data = card;
	if (!card->unplugged || !card->hung || card->record_fd < 0 || card->log_fd < 0 || card->io.poll_fd < 0) {
		forget(card);
		return -EIO;
	}

	err = snd_pcm_ioplug_create(&card->io, name, stream, mode);
	if (err < 0) {
		forget(card);
		return err;
	}
	err = constrain(&card->io, channels);
	if (err < 0) {
		snd_pcm_ioplug_delete(&card->io); /* calls card_close, which forgets the card */
		return err;
	}
	tell(card, "OPEN");
	*pcmp = card->io.pcm;
	return 0;
}

SND_PCM_PLUGIN_SYMBOL(courtyard);
