// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.engine.TunnelConfig;
import dev.hawser.tunnel.kube.KeyMaterial.Rotation;
import dev.hawser.tunnel.node.NodeNetwork;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.Exposure;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.route.PortFilter;
import dev.hawser.tunnel.route.Protocol;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A checkpoint as bytes, for the same build to read: what was written last is read first, without a library that would have to
 * be made ready. The one that reads the text of addresses takes 60 to 100 ms of a start, so they are bytes too. Keys come
 * first. Pure; what is read wrong ends in an {@link IOException} or an {@link IllegalArgumentException} of the value that it
 * cannot be.
 */
final class CheckpointCodec {
    private static final int KEY = PublicKey.LENGTH;
    private static final int MOST = 1 << 20;

    /** Writes one value. */
    @FunctionalInterface
    private interface Writer<T> {
        void write(T value) throws IOException;
    }

    /** Reads one value. */
    @FunctionalInterface
    private interface Reader<T> {
        T read() throws IOException;
    }

    private CheckpointCodec() {}

    static void write(Checkpoint checkpoint, DataOutput out) throws IOException {
        TunnelConfig tunnel = checkpoint.plan().tunnel().orElseThrow();
        writeKeys(checkpoint.keys(), out);
        writeAll(checkpoint.timestamp().stream().toList(), out, label -> out.write(label.toBytes()));
        writeAll(tunnel.listenPorts(), out, out::writeInt);
        writeAll(tunnel.local().podCidrs(), out, cidr -> writeCidr(cidr, out));
        writeAll(tunnel.local().externalCidrs(), out, cidr -> writeCidr(cidr, out));
        writeAll(tunnel.local().exposures(), out, exposure -> writeExposure(exposure, out));
        writeAll(checkpoint.plan().peers(), out, peer -> writePeer(peer, out));
        NodeNetwork node = checkpoint.plan().node();
        out.writeInt(node.mtu());
        writeAll(node.gatewayAddresses(), out, address -> writeAddress(address, out));
        writeAll(node.podCidrs(), out, cidr -> writeCidr(cidr, out));
        writeAll(node.remappedCidrs(), out, cidr -> writeCidr(cidr, out));
        writeAll(node.masqueraded(), out, address -> writeAddress(address, out));
    }

    static Checkpoint read(DataInput in) throws IOException {
        KeyMaterial keys = readKeys(in);
        Optional<Tai64n> timestamp = readAll(in, () -> Tai64n.parse(bytes(in, Tai64n.LENGTH))).stream()
                .findFirst();
        List<Integer> ports = readAll(in, in::readInt);
        LocalSide local = new LocalSide(
                readAll(in, () -> cidr(in)), readAll(in, () -> cidr(in)), readAll(in, () -> exposure(in)));
        List<PeerPlan.Served> peers = readAll(in, () -> peer(in, keys));
        NodeNetwork node = new NodeNetwork(
                in.readInt(),
                readAll(in, () -> address(in)),
                readAll(in, () -> cidr(in)),
                readAll(in, () -> cidr(in)),
                readAll(in, () -> address(in)));
        TunnelConfig tunnel = new TunnelConfig(
                keys.staticKeys(),
                ports,
                local,
                peers.stream().map(PeerPlan.Served::config).toList());
        GatewayPlan plan = new GatewayPlan(Optional.of(tunnel), node, List.copyOf(peers), List.of(), Set.of());
        return new Checkpoint(plan, keys, timestamp);
    }

    /** That a last key is being retired stands in memory only, as with the Secret. */
    private static void writeKeys(KeyMaterial keys, DataOutput out) throws IOException {
        writeKey(keys.current().toBytes(), out);
        List<PrivateKey> next =
                keys.rotation() instanceof Rotation.Introducing(PrivateKey key) ? List.of(key) : List.of();
        writeAll(next, out, key -> writeKey(key.toBytes(), out));
        out.writeLong(keys.generation());
        writeAll(keys.presharedKeys().entrySet(), out, entry -> {
            out.writeUTF(entry.getKey());
            writeKey(entry.getValue().toBytes(), out);
        });
    }

    private static void writeKey(byte[] key, DataOutput out) throws IOException {
        out.write(key);
        Arrays.fill(key, (byte) 0);
    }

    private static KeyMaterial readKeys(DataInput in) throws IOException {
        PrivateKey current = privateKey(in);
        Optional<PrivateKey> next = readAll(in, () -> privateKey(in)).stream().findFirst();
        Rotation rotation = next.<Rotation>map(Rotation.Introducing::new).orElseGet(Rotation.None::new);
        long generation = in.readLong();
        Map<String, PresharedKey> presharedKeys = new HashMap<>();
        readAll(in, () -> {
            String id = in.readUTF();
            byte[] key = bytes(in, KEY);
            presharedKeys.put(id, PresharedKey.of(key));
            Arrays.fill(key, (byte) 0);
            return id;
        });
        return new KeyMaterial(current, rotation, generation, presharedKeys);
    }

    private static PrivateKey privateKey(DataInput in) throws IOException {
        byte[] key = bytes(in, KEY);
        try {
            return PrivateKey.of(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static void writePeer(PeerPlan plan, DataOutput out) throws IOException {
        if (!(plan instanceof PeerPlan.Served(String connection, long generation, PeerConfig peer))) {
            throw new IllegalArgumentException("Connection " + plan.connection() + " is not served");
        }
        out.writeUTF(connection);
        out.writeLong(generation);
        out.writeUTF(peer.id());
        writeAll(peer.publicKeys(), out, key -> out.write(key.toBytes()));
        writeAll(peer.endpoints(), out, endpoint -> {
            writeAddress(endpoint.address(), out);
            out.writeInt(endpoint.port());
            out.writeInt(endpoint.localPort());
        });
        out.writeBoolean(peer.presharedKey().isPresent());
        out.writeInt(peer.persistentKeepaliveSeconds());
        writeAll(peer.podRanges(), out, remap -> writeRemap(remap, out));
        writeAll(peer.externalRanges(), out, remap -> writeRemap(remap, out));
    }

    private static PeerPlan.Served peer(DataInput in, KeyMaterial keys) throws IOException {
        String connection = in.readUTF();
        long generation = in.readLong();
        String id = in.readUTF();
        PeerConfig peer = new PeerConfig(
                id,
                readAll(in, () -> PublicKey.of(bytes(in, KEY))),
                readAll(in, () -> new UdpEndpoint(address(in), in.readInt(), in.readInt())),
                in.readBoolean() ? keys.presharedKey(id) : Optional.empty(),
                in.readInt(),
                readAll(in, () -> new Remap(cidr(in), cidr(in))),
                readAll(in, () -> new Remap(cidr(in), cidr(in))));
        return new PeerPlan.Served(connection, generation, peer);
    }

    private static void writeRemap(Remap remap, DataOutput out) throws IOException {
        writeCidr(remap.from(), out);
        writeCidr(remap.to(), out);
    }

    private static void writeExposure(Exposure exposure, DataOutput out) throws IOException {
        out.writeUTF(exposure.name());
        writeAddress(exposure.local(), out);
        writeAddress(exposure.external(), out);
        writeAll(exposure.ports(), out, port -> {
            out.writeUTF(port.protocol().name());
            out.writeInt(port.port());
        });
        writeAll(exposure.peers(), out, out::writeUTF);
    }

    private static Exposure exposure(DataInput in) throws IOException {
        return new Exposure(
                in.readUTF(),
                address(in),
                address(in),
                readAll(in, () -> new PortFilter(Protocol.valueOf(in.readUTF()), in.readInt())),
                Set.copyOf(readAll(in, in::readUTF)));
    }

    private static void writeAddress(IpAddress address, DataOutput out) throws IOException {
        byte[] bytes = address.toBytes();
        out.writeByte(bytes.length);
        out.write(bytes);
    }

    private static IpAddress address(DataInput in) throws IOException {
        return IpAddress.ofBytes(bytes(in, in.readUnsignedByte()));
    }

    private static void writeCidr(Cidr cidr, DataOutput out) throws IOException {
        writeAddress(cidr.network(), out);
        out.writeByte(cidr.prefixLength());
    }

    private static Cidr cidr(DataInput in) throws IOException {
        return Cidr.of(address(in), in.readUnsignedByte());
    }

    private static byte[] bytes(DataInput in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static <T> void writeAll(Collection<T> values, DataOutput out, Writer<T> writer) throws IOException {
        out.writeInt(values.size());
        for (T value : values) {
            writer.write(value);
        }
    }

    private static <T> List<T> readAll(DataInput in, Reader<T> reader) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IOException("a list of " + count + " entries");
        }
        List<T> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(reader.read());
        }
        return values;
    }
}
