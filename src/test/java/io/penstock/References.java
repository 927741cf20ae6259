package io.penstock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** What the code of one class refers to, looked up as the JVM would when the code first runs. */
final class References extends ClassVisitor {
  private final Class<?> within;
  private final ClassLoader loader;
  private final Lookup lookup;
  private final Set<String> seen = new TreeSet<>();
  private final Set<String> unresolved = new TreeSet<>();

  References(Class<?> within) throws IllegalAccessException {
    super(Opcodes.ASM9);
    this.within = within;
    loader = within.getClassLoader();
    lookup = MethodHandles.privateLookupIn(within, MethodHandles.lookup());
  }

  int count() {
    return seen.size();
  }

  Set<String> unresolved() {
    return unresolved;
  }

  @FunctionalInterface
  private interface Resolution {
    void run() throws Throwable;
  }

  private void check(String reference, Resolution resolution) {
    if (seen.add(reference)) {
      try {
        resolution.run();
      } catch (Throwable none) {
        unresolved.add(within.getName() + " refers to " + reference + ": " + none);
      }
    }
  }

  private Class<?> load(Type type) throws ClassNotFoundException {
    Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
    return element.getSort() == Type.OBJECT
        ? Class.forName(element.getClassName(), false, loader)
        : void.class;
  }

  private void type(Type type) {
    if (type.getSort() == Type.METHOD) {
      check(type.getDescriptor(), () -> methodType(type.getDescriptor()));
    } else {
      check(type.getDescriptor(), () -> load(type));
    }
  }

  private MethodType methodType(String descriptor) {
    return MethodType.fromMethodDescriptorString(descriptor, loader);
  }

  private void member(int tag, String owner, String name, String descriptor, boolean ofInterface) {
    Type declared = Type.getObjectType(owner);
    if (declared.getSort() == Type.ARRAY) {
      type(declared);
      return;
    }
    check(
        declared.getClassName() + "." + name + " " + descriptor + " (" + tag + ")",
        () -> {
          Class<?> type = load(declared);
          if (tag >= Opcodes.H_INVOKEVIRTUAL && type.isInterface() != ofInterface) {
            throw new IncompatibleClassChangeError(
                type + (ofInterface ? " was an interface" : " was a class"));
          }
          // The JDK is the same beside any Spark, and gives no handles for some of its methods.
          if (type.getClassLoader() != null) {
            resolve(tag, type, name, descriptor);
          }
        });
  }

  private void resolve(int tag, Class<?> owner, String name, String descriptor) throws Throwable {
    switch (tag) {
      case Opcodes.H_GETFIELD, Opcodes.H_PUTFIELD ->
          lookup.findGetter(owner, name, field(descriptor));
      case Opcodes.H_GETSTATIC, Opcodes.H_PUTSTATIC ->
          lookup.findStaticGetter(owner, name, field(descriptor));
      case Opcodes.H_INVOKESTATIC -> lookup.findStatic(owner, name, methodType(descriptor));
      case Opcodes.H_NEWINVOKESPECIAL -> constructor(owner, methodType(descriptor));
      case Opcodes.H_INVOKESPECIAL ->
          lookup.findSpecial(owner, name, methodType(descriptor), within);
      default -> lookup.findVirtual(owner, name, methodType(descriptor));
    }
  }

  private void constructor(Class<?> owner, MethodType type) throws ReflectiveOperationException {
    if (owner == within.getSuperclass()) {
      // A call of super(…) may reach a protected one, which no handle is given for.
      int access = owner.getDeclaredConstructor(type.parameterArray()).getModifiers();
      if (Modifier.isPublic(access) || Modifier.isProtected(access)) {
        return;
      }
    }
    lookup.findConstructor(owner, type);
  }

  private Class<?> field(String descriptor) {
    return methodType("()" + descriptor).returnType();
  }

  private void constant(Object value) {
    if (value instanceof Type type) {
      type(type);
    } else if (value instanceof Handle handle) {
      member(
          handle.getTag(),
          handle.getOwner(),
          handle.getName(),
          handle.getDesc(),
          handle.isInterface());
    } else if (value instanceof ConstantDynamic dynamic) {
      constant(dynamic.getBootstrapMethod());
      for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
        constant(dynamic.getBootstrapMethodArgument(i));
      }
    }
  }

  @Override
  public FieldVisitor visitField(
      int access, String name, String descriptor, String generic, Object value) {
    type(Type.getType(descriptor));
    return null;
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String generic, String[] exceptions) {
    type(Type.getMethodType(descriptor));
    return new Code();
  }

  private final class Code extends MethodVisitor {
    Code() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      int tag =
          switch (opcode) {
            case Opcodes.INVOKESTATIC -> Opcodes.H_INVOKESTATIC;
            case Opcodes.INVOKEINTERFACE -> Opcodes.H_INVOKEINTERFACE;
            case Opcodes.INVOKESPECIAL ->
                name.equals("<init>") ? Opcodes.H_NEWINVOKESPECIAL : Opcodes.H_INVOKESPECIAL;
            default -> Opcodes.H_INVOKEVIRTUAL;
          };
      member(tag, owner, name, descriptor, ofInterface);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      boolean ofClass = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
      member(ofClass ? Opcodes.H_GETSTATIC : Opcodes.H_GETFIELD, owner, name, descriptor, false);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      type(Type.getMethodType(descriptor));
      constant(bootstrap);
      for (Object argument : arguments) {
        constant(argument);
      }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      type(Type.getObjectType(type));
    }

    @Override
    public void visitLdcInsn(Object value) {
      constant(value);
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
      type(Type.getType(descriptor));
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
      if (type != null) {
        type(Type.getObjectType(type));
      }
    }
  }
}
