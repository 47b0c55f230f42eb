package io.jenkins.plugins.serverlesspromotion.format.artifact;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes ZIPs byte by byte, in every form that packaging tools write, and in forms that none should accept. */
public final class RawZip {
    /** What follows the content of an entry. */
    public enum Descriptor {
        NONE(false, 0),
        SIGNED(true, 4),
        PLAIN(false, 4),
        SIGNED_ZIP64(true, 8),
        PLAIN_ZIP64(false, 8);

        private final boolean signed;
        private final int width;

        Descriptor(boolean signed, int width) {
            this.signed = signed;
            this.width = width;
        }
    }

    /** One entry; all members may be changed before {@link #bytes()}. */
    public static final class Entry {
        final byte[] content;
        byte[] name;
        byte[] localName;
        boolean deflated = true;
        int platform = 3;
        int mode;
        int flags;
        Descriptor descriptor = Descriptor.NONE;
        /** Whether the header before the content states sizes although a descriptor follows. */
        boolean statedBefore;

        boolean zip64Before;
        boolean zip64InDirectory;
        byte[] behindContent = {};
        byte[] behindDescriptor = {};
        byte[] extra = {};
        Consumer<ByteBuffer> before = header -> {};
        Consumer<ByteBuffer> inDirectory = header -> {};

        Entry(String name, byte[] content) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.content = content;
            this.mode = name.endsWith("/") ? 040755 : 0100644;
        }

        public Entry stored() {
            deflated = false;
            return this;
        }

        public Entry with(Descriptor form) {
            descriptor = form;
            return this;
        }

        public Entry mode(int value) {
            mode = value;
            return this;
        }

        public Entry madeBy(int system) {
            platform = system;
            return this;
        }

        private byte[] packed() {
            if (!deflated) {
                return content;
            }
            var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
            deflater.setInput(content);
            deflater.finish();
            var out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            deflater.end();
            return out.toByteArray();
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> listed = new ArrayList<>();
    byte[] prefix = {};
    byte[] beforeDirectory = {};
    String comment = "";
    boolean zip64End;
    /** Whether the old end states the real values although there is a ZIP64 end. */
    boolean statedTwice;

    Consumer<ByteBuffer> end = record -> {};
    Consumer<ByteBuffer> end64 = record -> {};
    Consumer<ByteBuffer> locator = record -> {};

    public Entry add(String name, String content) {
        return add(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public Entry add(String name, byte[] content) {
        var entry = new Entry(name, content);
        entries.add(entry);
        listed.add(entry);
        return entry;
    }

    /** An entry that the directory does not list. */
    Entry hidden(String name, String content) {
        Entry entry = add(name, content);
        listed.remove(entry);
        return entry;
    }

    /** With everything in the form of ZIP64. */
    public RawZip large() {
        zip64End = true;
        entries.forEach(entry -> {
            entry.zip64Before = true;
            entry.zip64InDirectory = true;
        });
        return this;
    }

    RawZip listAgain(Entry entry) {
        listed.add(entry);
        return this;
    }

    public byte[] bytes() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(prefix);
        var offsets = new long[entries.size()];
        for (int i = 0; i < entries.size(); i++) {
            offsets[i] = out.size();
            local(entries.get(i), out);
        }
        out.writeBytes(beforeDirectory);
        int start = out.size();
        for (Entry entry : listed) {
            directory(entry, offsets[entries.indexOf(entry)], out);
        }
        end(start, out.size() - start, out);
        return out.toByteArray();
    }

    private static void local(Entry entry, ByteArrayOutputStream out) {
        byte[] packed = entry.packed();
        boolean open = entry.descriptor != Descriptor.NONE && !entry.statedBefore;
        byte[] name = entry.localName == null ? entry.name : entry.localName;
        byte[] large = entry.zip64Before
                ? little(20)
                        .putShort((short) 1)
                        .putShort((short) 16)
                        .putLong(open ? 0 : entry.content.length)
                        .putLong(open ? 0 : packed.length)
                        .array()
                : new byte[0];
        ByteBuffer header = little(30)
                .putInt(0x04034b50)
                .putShort((short) (entry.zip64Before ? 45 : 20))
                .putShort((short) flags(entry))
                .putShort((short) (entry.deflated ? 8 : 0))
                .putInt(1 << 21 | 1 << 16)
                .putInt(open ? 0 : crc(entry))
                .putInt(entry.zip64Before ? -1 : open ? 0 : packed.length)
                .putInt(entry.zip64Before ? -1 : open ? 0 : entry.content.length)
                .putShort((short) name.length)
                .putShort((short) (entry.extra.length + large.length));
        entry.before.accept(header);
        out.writeBytes(header.array());
        out.writeBytes(name);
        out.writeBytes(entry.extra);
        out.writeBytes(large);
        out.writeBytes(packed);
        out.writeBytes(entry.behindContent);
        descriptor(entry, packed.length, out);
        out.writeBytes(entry.behindDescriptor);
    }

    private static void descriptor(Entry entry, long packed, ByteArrayOutputStream out) {
        if (entry.descriptor == Descriptor.NONE) {
            return;
        }
        if (entry.descriptor.signed) {
            out.writeBytes(little(4).putInt(0x08074b50).array());
        }
        out.writeBytes(little(4).putInt(crc(entry)).array());
        for (long size : new long[] {packed, entry.content.length}) {
            out.writeBytes(
                    entry.descriptor.width == 8
                            ? little(8).putLong(size).array()
                            : little(4).putInt((int) size).array());
        }
    }

    private static void directory(Entry entry, long offset, ByteArrayOutputStream out) {
        int packed = entry.packed().length;
        byte[] large = entry.zip64InDirectory
                ? little(28)
                        .putShort((short) 1)
                        .putShort((short) 24)
                        .putLong(entry.content.length)
                        .putLong(packed)
                        .putLong(offset)
                        .array()
                : new byte[0];
        ByteBuffer header = little(46)
                .putInt(0x02014b50)
                .putShort((short) (entry.platform << 8 | 20))
                .putShort((short) (entry.zip64InDirectory ? 45 : 20))
                .putShort((short) flags(entry))
                .putShort((short) (entry.deflated ? 8 : 0))
                .putInt(1 << 21 | 1 << 16)
                .putInt(crc(entry))
                .putInt(entry.zip64InDirectory ? -1 : packed)
                .putInt(entry.zip64InDirectory ? -1 : entry.content.length)
                .putShort((short) entry.name.length)
                .putShort((short) (entry.extra.length + large.length))
                .putShort((short) 0)
                .putInt(0)
                .putShort((short) 0)
                .putShort((short) entry.mode)
                .putInt(entry.zip64InDirectory ? -1 : (int) offset);
        entry.inDirectory.accept(header);
        out.writeBytes(header.array());
        out.writeBytes(entry.name);
        out.writeBytes(entry.extra);
        out.writeBytes(large);
    }

    private void end(int start, int size, ByteArrayOutputStream out) {
        int record = out.size();
        boolean open = zip64End && !statedTwice;
        if (zip64End) {
            ByteBuffer large = little(56)
                    .putInt(0x06064b50)
                    .putLong(44)
                    .putShort((short) (3 << 8 | 45))
                    .putShort((short) 45)
                    .putInt(0)
                    .putInt(0)
                    .putLong(listed.size())
                    .putLong(listed.size())
                    .putLong(size)
                    .putLong(start);
            end64.accept(large);
            out.writeBytes(large.array());
            ByteBuffer pointer =
                    little(20).putInt(0x07064b50).putInt(0).putLong(record).putInt(1);
            locator.accept(pointer);
            out.writeBytes(pointer.array());
        }
        ByteBuffer last = little(22)
                .putInt(0x06054b50)
                .putInt(0)
                .putShort((short) (open ? -1 : listed.size()))
                .putShort((short) (open ? -1 : listed.size()))
                .putInt(open ? -1 : size)
                .putInt(open ? -1 : start)
                .putShort((short) comment.length());
        end.accept(last);
        out.writeBytes(last.array());
        out.writeBytes(comment.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static int flags(Entry entry) {
        return entry.flags | (entry.descriptor == Descriptor.NONE ? 0 : 8);
    }

    private static int crc(Entry entry) {
        var crc = new CRC32();
        crc.update(entry.content);
        return (int) crc.getValue();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
