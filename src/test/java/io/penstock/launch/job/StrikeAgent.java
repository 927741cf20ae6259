package io.penstock.launch.job;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Java agent of the executors of a test: every method that is a {@link Strike.Point} calls {@link
 * Strike#at} first. So a test strikes at any moment of a run, though nothing of what runs knows it.
 */
public final class StrikeAgent implements ClassFileTransformer {
  private StrikeAgent() {}

  /** Called by Java before the main method of a process. */
  public static void premain(String options, Instrumentation instrumentation) {
    instrumentation.addTransformer(new StrikeAgent());
  }

  /** Writes the jar that {@code -javaagent} asks for; its classes are on the class path anyway. */
  static Path jarIn(Path directory) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", StrikeAgent.class.getName());
    Path jar = directory.resolve("strikes.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] compiled) {
    if (name == null) {
      return null;
    }
    List<Strike.Point> points =
        Arrays.stream(Strike.Point.values())
            .filter(point -> point.type.equals(name.replace('/', '.')))
            .toList();
    if (points.isEmpty()) {
      return null;
    }
    ClassReader reader = new ClassReader(compiled);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(new Calls(writer, points), 0);
    return writer.toByteArray();
  }

  /** Writer of the calls into a class. */
  private static final class Calls extends ClassVisitor {
    private static final int ASM = Opcodes.ASM9;

    private final List<Strike.Point> points;

    Calls(ClassVisitor next, List<Strike.Point> points) {
      super(ASM, next);
      this.points = points;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] thrown) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, thrown);
      return points.stream()
          .filter(point -> point.method.equals(name))
          .findFirst()
          .<MethodVisitor>map(point -> new Call(next, point))
          .orElse(next);
    }
  }

  /** Writer of the call into a method. */
  private static final class Call extends MethodVisitor {
    private final Strike.Point point;

    Call(MethodVisitor next, Strike.Point point) {
      super(Calls.ASM, next);
      this.point = point;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      visitLdcInsn(point.name());
      visitMethodInsn(
          Opcodes.INVOKESTATIC,
          Strike.class.getName().replace('.', '/'),
          "at",
          "(Ljava/lang/String;)V",
          false);
    }
  }
}
