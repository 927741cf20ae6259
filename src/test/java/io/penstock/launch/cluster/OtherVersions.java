package io.penstock.launch.cluster;

import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ARETURN;
import static org.objectweb.asm.Opcodes.DUP;
import static org.objectweb.asm.Opcodes.INVOKESPECIAL;
import static org.objectweb.asm.Opcodes.NEW;
import static org.objectweb.asm.Opcodes.PUTSTATIC;
import static org.objectweb.asm.Opcodes.RETURN;
import static org.objectweb.asm.Opcodes.V17;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/**
 * The tests' own class path as another Spark and another Scala would have it: both tell other
 * versions, and what Scala 2.12 lacks is not there.
 */
public final class OtherVersions extends URLClassLoader {
  private final Map<String, byte[]> tellers;

  public OtherVersions(String spark, String scala) {
    super(classPath(), ClassLoader.getPlatformClassLoader());
    this.tellers =
        Map.of(
            "org.apache.spark.package$",
            teller("org/apache/spark/package$", "SPARK_VERSION", spark),
            "scala.util.Properties$",
            teller("scala/util/Properties$", "versionNumberString", scala));
  }

  private static URL[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(OtherVersions::url)
        .toArray(URL[]::new);
  }

  private static URL url(String place) {
    try {
      return Path.of(place).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.startsWith("scala.jdk.javaapi.")) {
      throw new ClassNotFoundException(name);
    }
    byte[] teller = tellers.get(name);
    return teller == null ? super.findClass(name) : defineClass(name, teller, 0, teller.length);
  }

  /** A Scala object with one method, which returns a version. */
  private static byte[] teller(String name, String method, String version) {
    String type = "L" + name + ";";
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(V17, ACC_PUBLIC | ACC_FINAL, name, null, "java/lang/Object", null);
    writer.visitField(ACC_PUBLIC | ACC_STATIC, "MODULE$", type, null, null).visitEnd();
    MethodVisitor made = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
    made.visitCode();
    made.visitVarInsn(ALOAD, 0);
    made.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    made.visitInsn(RETURN);
    made.visitMaxs(0, 0);
    made.visitEnd();
    MethodVisitor once = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
    once.visitCode();
    once.visitTypeInsn(NEW, name);
    once.visitInsn(DUP);
    once.visitMethodInsn(INVOKESPECIAL, name, "<init>", "()V", false);
    once.visitFieldInsn(PUTSTATIC, name, "MODULE$", type);
    once.visitInsn(RETURN);
    once.visitMaxs(0, 0);
    once.visitEnd();
    MethodVisitor tells =
        writer.visitMethod(ACC_PUBLIC, method, "()Ljava/lang/String;", null, null);
    tells.visitCode();
    tells.visitLdcInsn(version);
    tells.visitInsn(ARETURN);
    tells.visitMaxs(0, 0);
    tells.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }
}
