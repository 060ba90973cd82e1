/*
 * The virtual card's mixer: an ALSA control plugin whose levels are lines of a file, so that a test can see
 * what was set. In the file's order: PCM volume (0.5 dB a step from -90 dB, so 180 is 0 dB), PCM switch,
 * Headphone volume (0 to 15, no decibels told), Mic capture volume.
 */

#include <alsa/asoundlib.h>
#include <alsa/control_external.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int type;
	long most;
} elements[] = {
	{ "PCM Playback Volume", SND_CTL_ELEM_TYPE_INTEGER, 200 },
	{ "PCM Playback Switch", SND_CTL_ELEM_TYPE_BOOLEAN, 1 },
	{ "Headphone Playback Volume", SND_CTL_ELEM_TYPE_INTEGER, 15 },
	{ "Mic Capture Volume", SND_CTL_ELEM_TYPE_INTEGER, 15 },
};
#define COUNT ((int)(sizeof(elements) / sizeof(elements[0])))

/* type, bytes that follow, the lowest in 0.01 dB, 0.01 dB a step */
static const unsigned int half_decibels[] = { SND_CTL_TLVT_DB_SCALE, 8, (unsigned int)-9000, 50 };

struct virtual_mixer {
	snd_ctl_ext_t ext;
	char *path;
	long levels[COUNT];
};

static void load(struct virtual_mixer *mixer)
{
	FILE *file = fopen(mixer->path, "r");

	for (int i = 0; file && i < COUNT; i++)
		if (fscanf(file, "%ld", &mixer->levels[i]) != 1)
			break;
	if (file)
		fclose(file);
}

static int save(struct virtual_mixer *mixer)
{
	FILE *file = fopen(mixer->path, "w");

	if (!file)
		return -EIO;
	for (int i = 0; i < COUNT; i++)
		fprintf(file, "%ld\n", mixer->levels[i]);
	return fclose(file) ? -EIO : 0;
}

static int mixer_elem_count(snd_ctl_ext_t *ext)
{
	(void)ext;
	return COUNT;
}

static int mixer_elem_list(snd_ctl_ext_t *ext, unsigned int offset, snd_ctl_elem_id_t *id)
{
	(void)ext;
	snd_ctl_elem_id_set_interface(id, SND_CTL_ELEM_IFACE_MIXER);
	snd_ctl_elem_id_set_name(id, elements[offset].name);
	return 0;
}

static snd_ctl_ext_key_t mixer_find_elem(snd_ctl_ext_t *ext, const snd_ctl_elem_id_t *id)
{
	const char *name = snd_ctl_elem_id_get_name(id);

	(void)ext;
	for (int i = 0; i < COUNT; i++)
		if (strcmp(name, elements[i].name) == 0)
			return i;
	return SND_CTL_EXT_KEY_NOT_FOUND;
}

static int mixer_get_attribute(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, int *type, unsigned int *acc,
			       unsigned int *count)
{
	(void)ext;
	*type = elements[key].type;
	*acc = SND_CTL_EXT_ACCESS_READWRITE | (key == 0 ? SND_CTL_EXT_ACCESS_TLV_READ : 0);
	*count = 1;
	return 0;
}

static int mixer_get_integer_info(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *least, long *most, long *step)
{
	(void)ext;
	*least = 0;
	*most = elements[key].most;
	*step = 1;
	return 0;
}

static int mixer_read_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value)
{
	struct virtual_mixer *mixer = ext->private_data;

	*value = mixer->levels[key];
	return 0;
}

static int mixer_write_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value)
{
	struct virtual_mixer *mixer = ext->private_data;

	if (mixer->levels[key] == *value)
		return 0;
	mixer->levels[key] = *value;
	return save(mixer) < 0 ? -EIO : 1;
}

static int mixer_read_event(snd_ctl_ext_t *ext, snd_ctl_elem_id_t *id, unsigned int *mask)
{
	(void)ext;
	(void)id;
	(void)mask;
	return -EAGAIN;
}

static void mixer_close(snd_ctl_ext_t *ext)
{
	struct virtual_mixer *mixer = ext->private_data;

	free(mixer->path);
	free(mixer);
}

static const snd_ctl_ext_callback_t callbacks = {
	.close = mixer_close,
	.elem_count = mixer_elem_count,
	.elem_list = mixer_elem_list,
	.find_elem = mixer_find_elem,
	.get_attribute = mixer_get_attribute,
	.get_integer_info = mixer_get_integer_info,
	.read_integer = mixer_read_integer,
	.write_integer = mixer_write_integer,
	.read_event = mixer_read_event,
};

SND_CTL_PLUGIN_DEFINE_FUNC(courtyard)
{
	snd_config_iterator_t i, next;
	const char *levels = NULL;
	struct virtual_mixer *mixer;
	int err;

	(void)root;
	snd_config_for_each(i, next, conf) {
		snd_config_t *entry = snd_config_iterator_entry(i);
		const char *id;

		if (snd_config_get_id(entry, &id) >= 0 && strcmp(id, "levels") == 0)
			snd_config_get_string(entry, &levels);
	}
	if (!levels)
		return -EINVAL;
	mixer = calloc(1, sizeof(*mixer));
	if (!mixer)
		return -ENOMEM;
	mixer->path = strdup(levels);
	load(mixer);
	mixer->ext.version = SND_CTL_EXT_VERSION;
	mixer->ext.poll_fd = -1;
	mixer->ext.callback = &callbacks;
	mixer->ext.private_data = mixer;
	mixer->ext.tlv.p = half_decibels;
	snprintf(mixer->ext.id, sizeof(mixer->ext.id), "courtyard");
	snprintf(mixer->ext.name, sizeof(mixer->ext.name), "courtyard");
	err = snd_ctl_ext_create(&mixer->ext, name, mode);
	if (err < 0) {
		free(mixer->path);
		free(mixer);
		return err;
	}
	*handlep = mixer->ext.handle;
	return 0;
}

SND_CTL_PLUGIN_SYMBOL(courtyard);
