/*
 * A microphone without hardware: an ALSA ioplug plugin that takes real time and hears what a virtual card sounds.
 *
 * Its clock is CLOCK_MONOTONIC from the instant of START, as the card's is, and the card's log says which frame of the
 * recording sounded when. So a frame taken at an instant is, for each line "delay_ms gain" of the file "air", what the
 * card sounded so long before, times the gain; and the file "noise" (48 kHz mono S16_LE), over and over.
 * A delay must be longer than the card takes to write its recording: 50 ms are enough where its player is not kept waiting.
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

#define MOST_STARTS 64
#define MOST_WAYS 16
#define WINDOW 8192
#define RING (1 << 18) /* frames; more than any buffer that is granted */

struct way {
	int64_t delay_ns;
	double gain;
};

struct microphone {
	snd_pcm_ioplug_t io;
	char *unplugged; /* while this file exists it answers ENODEV */
	char *hung; /* while this file exists whoever asks it anything gets no answer */
	char *opened; /* this file is made when it begins to listen */
	char *card_log;
	char *air;
	int recording_fd;
	int16_t *noise;
	int64_t noise_frames;
	int16_t *ring; /* frame k at k % RING */
	uint64_t made; /* frames in the ring, of all since prepare */
	int lost;
	int64_t start_ns;
	int starts;
	int64_t started_ns[MOST_STARTS];
	int64_t started_at[MOST_STARTS];
	int ways;
	struct way way[MOST_WAYS];
	int64_t window_at; /* of which frame of the recording the window begins; -1: of none */
	int64_t window_frames;
	int16_t window[WINDOW];
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void read_card_log(struct microphone *microphone)
{
	char name[32];
	long long realtime, monotonic, recorded, frames;
	FILE *file = fopen(microphone->card_log, "re");

	microphone->starts = 0;
	if (!file)
		return;
	while (microphone->starts < MOST_STARTS &&
	       fscanf(file, "%31s %lld %lld %lld %lld", name, &realtime, &monotonic, &recorded, &frames) == 5)
		if (strcmp(name, "START") == 0) {
			microphone->started_ns[microphone->starts] = monotonic;
			microphone->started_at[microphone->starts++] = recorded;
		}
	fclose(file);
}

static void read_air(struct microphone *microphone)
{
	double delay_ms, gain;
	FILE *file = fopen(microphone->air, "re");

	microphone->ways = 0;
	if (!file)
		return;
	while (microphone->ways < MOST_WAYS && fscanf(file, "%lf %lf", &delay_ms, &gain) == 2) {
		microphone->way[microphone->ways].delay_ns = (int64_t)(delay_ms * 1e6);
		microphone->way[microphone->ways++].gain = gain;
	}
	fclose(file);
}

/* What the card sounded at that instant: silence before it was started, and when what it had recorded is at an end. */
static double sounded(struct microphone *microphone, int64_t instant_ns)
{
	int64_t frame, last = INT64_MAX;
	ssize_t bytes;
	int start;

	for (start = microphone->starts - 1; start >= 0 && microphone->started_ns[start] > instant_ns; start--)
		last = microphone->started_at[start];
	if (start < 0)
		return 0;
	frame = microphone->started_at[start] + (int64_t)((instant_ns - microphone->started_ns[start]) * 48e-6);
	if (frame >= last)
		return 0;
	if (microphone->window_at < 0 || frame < microphone->window_at ||
	    frame >= microphone->window_at + microphone->window_frames) {
		bytes = pread(microphone->recording_fd, microphone->window, sizeof(microphone->window), frame * 2);
		microphone->window_at = frame;
		microphone->window_frames = bytes > 0 ? bytes / 2 : 0;
		if (!microphone->window_frames)
			return 0;
	}
	return microphone->window[frame - microphone->window_at];
}

static int is_there(struct microphone *microphone)
{
	while (access(microphone->hung, F_OK) == 0)
		usleep(10000);
	if (microphone->lost || access(microphone->unplugged, F_OK) == 0) {
		microphone->lost = 1;
		snd_pcm_ioplug_set_state(&microphone->io, SND_PCM_STATE_DISCONNECTED);
		return -ENODEV;
	}
	return 0;
}

static uint64_t heard_so_far(struct microphone *microphone)
{
	return (uint64_t)((now_ns() - microphone->start_ns) / 1e9 * microphone->io.rate);
}

static int microphone_start(snd_pcm_ioplug_t *io)
{
	struct microphone *microphone = io->private_data;
	struct itimerspec every = { .it_interval = { 0, 10000000 }, .it_value = { 0, 10000000 } };

	if (is_there(microphone) < 0)
		return -ENODEV;
	timerfd_settime(io->poll_fd, 0, &every, NULL);
	close(open(microphone->opened, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	microphone->start_ns = now_ns();
	return 0;
}

static int microphone_stop(snd_pcm_ioplug_t *io)
{
	(void)io;
	return 0;
}

static snd_pcm_sframes_t microphone_pointer(snd_pcm_ioplug_t *io)
{
	struct microphone *microphone = io->private_data;
	uint64_t heard;

	if (is_there(microphone) < 0)
		return -ENODEV;
	if (io->state != SND_PCM_STATE_RUNNING)
		return 0;
	heard = heard_so_far(microphone);
	if (heard > io->appl_ptr + io->buffer_size) {
		snd_pcm_ioplug_set_state(io, SND_PCM_STATE_XRUN);
		return -EPIPE;
	}
	return heard % io->buffer_size;
}

static void make(struct microphone *microphone, uint64_t until)
{
	int way;

	read_card_log(microphone);
	read_air(microphone);
	microphone->window_at = -1; /* the recording has grown */
	for (; microphone->made < until; microphone->made++) {
		int64_t instant_ns = microphone->start_ns + (int64_t)(microphone->made * (1e9 / 48000));
		double sample = microphone->noise_frames ? microphone->noise[microphone->made % microphone->noise_frames] : 0;

		for (way = 0; way < microphone->ways; way++)
			sample += microphone->way[way].gain * sounded(microphone, instant_ns - microphone->way[way].delay_ns);
		microphone->ring[microphone->made % RING] =
			sample > 32767 ? 32767 : sample < -32768 ? -32768 : (int16_t)sample;
	}
}

/* May be asked for the same frames again and again, until they have been taken: they are those from appl_ptr on. */
static snd_pcm_sframes_t microphone_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
					     snd_pcm_uframes_t offset, snd_pcm_uframes_t size)
{
	struct microphone *microphone = io->private_data;
	int16_t *to = (int16_t *)((char *)areas->addr + areas->first / 8) + offset;
	snd_pcm_uframes_t i;

	if (is_there(microphone) < 0)
		return -ENODEV;
	if (io->appl_ptr + size > microphone->made)
		make(microphone, io->appl_ptr + size);
	for (i = 0; i < size; i++)
		to[i] = microphone->ring[(io->appl_ptr + i) % RING];
	return size;
}

static int microphone_prepare(snd_pcm_ioplug_t *io)
{
	struct microphone *microphone = io->private_data;

	microphone->made = 0;
	return is_there(microphone);
}

static void forget(struct microphone *microphone)
{
	if (microphone->io.poll_fd >= 0)
		close(microphone->io.poll_fd);
	if (microphone->recording_fd >= 0)
		close(microphone->recording_fd);
	free(microphone->noise);
	free(microphone->ring);
	free(microphone->unplugged);
	free(microphone->hung);
	free(microphone->opened);
	free(microphone->card_log);
	free(microphone->air);
	free(microphone);
}

static int microphone_close(snd_pcm_ioplug_t *io)
{
	forget(io->private_data);
	return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
	.start = microphone_start,
	.stop = microphone_stop,
	.pointer = microphone_pointer,
	.transfer = microphone_transfer,
	.prepare = microphone_prepare,
	.close = microphone_close,
};

static int constrain(snd_pcm_ioplug_t *io)
{
	static const unsigned int access_types[] = { SND_PCM_ACCESS_MMAP_INTERLEAVED, SND_PCM_ACCESS_RW_INTERLEAVED };
	static const unsigned int formats[] = { SND_PCM_FORMAT_S16_LE };
	int err = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access_types);

	if (err >= 0)
		err = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, formats);
	if (err >= 0)
		err = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, 1, 1);
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

static int read_noise(struct microphone *microphone, const char *path)
{
	FILE *file = fopen(path, "re");
	long bytes;

	if (!file)
		return -errno;
	fseek(file, 0, SEEK_END);
	bytes = ftell(file);
	rewind(file);
	microphone->noise = malloc(bytes + 2);
	if (microphone->noise)
		microphone->noise_frames = fread(microphone->noise, 2, bytes / 2, file);
	fclose(file);
	return microphone->noise ? 0 : -ENOMEM;
}

SND_PCM_PLUGIN_DEFINE_FUNC(listening)
{
	snd_config_iterator_t i, next;
	const char *recording = NULL, *card_log = NULL, *air = NULL, *noise = NULL, *unplugged = NULL, *busy = NULL,
		   *hung = NULL, *opened = NULL;
	struct microphone *microphone;
	int err;

	(void)root;
	snd_config_for_each(i, next, conf) {
		snd_config_t *entry = snd_config_iterator_entry(i);
		const char *id;

		if (snd_config_get_id(entry, &id) < 0)
			continue;
		if (strcmp(id, "recording") == 0)
			snd_config_get_string(entry, &recording);
		else if (strcmp(id, "card_log") == 0)
			snd_config_get_string(entry, &card_log);
		else if (strcmp(id, "air") == 0)
			snd_config_get_string(entry, &air);
		else if (strcmp(id, "noise") == 0)
			snd_config_get_string(entry, &noise);
		else if (strcmp(id, "unplugged") == 0)
			snd_config_get_string(entry, &unplugged);
		else if (strcmp(id, "busy") == 0)
			snd_config_get_string(entry, &busy);
		else if (strcmp(id, "hung") == 0)
			snd_config_get_string(entry, &hung);
		else if (strcmp(id, "opened") == 0)
			snd_config_get_string(entry, &opened);
	}
	if (!recording || !card_log || !air || !noise || !unplugged || !busy || !hung || !opened ||
	    stream != SND_PCM_STREAM_CAPTURE)
		return -EINVAL;
	while (access(hung, F_OK) == 0)
		usleep(10000);
	if (access(unplugged, F_OK) == 0)
		return -ENODEV;
	if (access(busy, F_OK) == 0)
		return -EBUSY;

	microphone = calloc(1, sizeof(*microphone));
	if (!microphone)
		return -ENOMEM;
	microphone->unplugged = strdup(unplugged);
	microphone->hung = strdup(hung);
	microphone->opened = strdup(opened);
	microphone->card_log = strdup(card_log);
	microphone->air = strdup(air);
	microphone->window_at = -1;
	microphone->recording_fd = open(recording, O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
	microphone->ring = calloc(RING, 2);
	microphone->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	microphone->io.version = SND_PCM_IOPLUG_VERSION;
	microphone->io.name = "The virtual microphone of the courtyard";
	microphone->io.flags = SND_PCM_IOPLUG_FLAG_MONOTONIC;
	microphone->io.poll_events = POLLIN;
	microphone->io.callback = &callbacks;
	microphone->io.private_data = microphone;
	if (!microphone->unplugged || !microphone->hung || !microphone->opened || !microphone->card_log || !microphone->air ||
	    microphone->recording_fd < 0 || !microphone->ring || read_noise(microphone, noise) < 0 ||
	    microphone->io.poll_fd < 0) {
		forget(microphone);
		return -EIO;
	}
	err = snd_pcm_ioplug_create(&microphone->io, name, stream, mode);
	if (err < 0) {
		forget(microphone);
		return err;
	}
	err = constrain(&microphone->io);
	if (err < 0) {
		snd_pcm_ioplug_delete(&microphone->io); /* calls microphone_close, which forgets it */
		return err;
	}
	*pcmp = microphone->io.pcm;
	return 0;
}

SND_PCM_PLUGIN_SYMBOL(listening);
