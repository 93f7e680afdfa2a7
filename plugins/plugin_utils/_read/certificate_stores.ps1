# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Reads certificate stores of the local computer and says what is there. It judges nothing, changes nothing and never reads a private key:
# only whether Windows opens it, and its public half. The names of the stores are in $storeNames, set by a line before this text.
# Its value is one text: a JSON document, gzipped, in base64, between two marks.
# PowerShell 3.0 and .NET 4.0 have everything used here. No cmdlet is called, so that no module is loaded.
# Getters are called as methods because PowerShell swallows what a property's getter throws.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$invariant = [Globalization.CultureInfo]::get_InvariantCulture()
$onWindows = [Environment]::get_OSVersion().get_Platform() -eq [PlatformID]::Win32NT
$largest = 65536  # bytes of a certificate that are worth carrying; one of a server has 1 to 4 KB
$longest = 1000  # characters of a text
$special = '[^ !#-\[\]-~]'  # what a JSON string in printable ASCII has to escape

function ConvertTo-Text($Value) {  # a JSON string in printable ASCII
    if ($null -eq $Value) { return 'null' }
    $text = [string] $Value
    if ($text.get_Length() -gt $longest) { $text = $text.Substring(0, $longest) }
    if ([regex]::IsMatch($text, $special)) {  # rare, and a script block as evaluator is dear
        $text = [regex]::Replace($text, $special, { param($match) '\u{0:x4}' -f [int] [char] $match.get_Value() })
    }
    '"' + $text + '"'
}

function ConvertTo-Truth($Value) {
    if ($null -eq $Value) { 'null' } elseif ($Value) { 'true' } else { 'false' }
}

function ConvertTo-Number($Value) {
    if ($null -eq $Value) { 'null' } else { ([long] $Value).ToString($invariant) }
}

function ConvertTo-Failure($Failure) {
    if ($null -eq $Failure) { return 'null' }
    '{"message":' + (ConvertTo-Text $Failure['message']) + ',"hresult":' + (ConvertTo-Number $Failure['hresult']) + '}'
}

function Get-Failure($Record) {  # what was thrown first, without the wrappers that PowerShell and reflection add
    $thrown = $Record.Exception
    for ($depth = 0; $depth -lt 16; $depth++) {
        $inner = $thrown.get_InnerException()
        if ($null -eq $inner) { break }
        $thrown = $inner
    }
    $hresult = [long] [Runtime.InteropServices.Marshal]::GetHRForException($thrown) -band 4294967295
    @{ message = $thrown.get_Message(); hresult = $hresult }
}

function Get-Fact([scriptblock] $Fact) {  # nothing, if the host does not tell
    try { & $Fact } catch { $null }
}

function Test-Method($Value, [string] $Name) {
    $null -ne $Value.GetType().GetMethod($Name, [Type[]] @())
}

# The classes that know keys of key storage providers came with .NET 4.6 and 4.6.1: named as text, a missing one is only $null.
function Open-StorageProviderKey($Certificate) {
    $rsa = 'System.Security.Cryptography.X509Certificates.RSACertificateExtensions' -as [Type]
    $key = $null
    if ($null -ne $rsa) { $key = $rsa::GetRSAPrivateKey($Certificate) }
    $curve = 'System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions' -as [Type]
    if ($null -eq $key -and $null -ne $curve) { $key = $curve::GetECDsaPrivateKey($Certificate) }
    $key
}

function Get-KeyNumbers($Key) {
    if ($Key -is [Security.Cryptography.RSA]) {
        $public = $Key.ExportParameters($false)
        return @('RSA', $public.Modulus, $public.Exponent)
    }
    if ($Key -isnot [Security.Cryptography.ECDsa]) { return }
    if (Test-Method $Key 'get_Key') {  # BCRYPT_ECCKEY_BLOB: magic, length of a coordinate, x, y
        $blob = $Key.get_Key().Export([Security.Cryptography.CngKeyBlobFormat]::get_EccPublicBlob())
        $size = [BitConverter]::ToInt32($blob, 4)
        return @('EC', $blob[8..(7 + $size)], $blob[(8 + $size)..(7 + 2 * $size)])
    }
    $public = $Key.ExportParameters($false)
    @('EC', $public.Q.X, $public.Q.Y)
}

function Read-PublicKey($Key) {
    $numbers = @(Get-Fact { Get-KeyNumbers $Key })
    if ($numbers.get_Length() -ne 3) { return 'null' }
    $values = foreach ($number in $numbers[1], $numbers[2]) { '"' + [BitConverter]::ToString([byte[]] $number).Replace('-', '') + '"' }
    '{"algorithm":"' + $numbers[0] + '","values":[' + ($values -join ',') + ']}'
}

function Get-KeyPlace($Key) {  # provider and container, from whichever of its two worlds the key is
    if (Test-Method $Key 'get_CspKeyContainerInfo') {
        $place = $Key.get_CspKeyContainerInfo()
        @{
            storage = 'csp'
            provider = Get-Fact { $place.get_ProviderName() }
            container = Get-Fact { $place.get_UniqueKeyContainerName() }
            key_spec = Get-Fact { [int] $place.get_KeyNumber() }
            machine_store = Get-Fact { $place.get_MachineKeyStore() }
        }
    } elseif (Test-Method $Key 'get_Key') {
        $place = $Key.get_Key()
        @{
            storage = 'cng'
            provider = Get-Fact { $place.get_Provider().get_Provider() }
            container = Get-Fact { $place.get_UniqueName() }
            key_spec = 0
            machine_store = Get-Fact { $place.get_IsMachineKey() }
        }
    } else {
        @{}
    }
}

function Open-Key($Certificate) {  # the key, or why not
    $failure = $null
    $key = $null
    try {
        $key = $Certificate.get_PrivateKey()
    } catch {
        $failure = Get-Failure $_
    }
    if ($null -ne $key) { return @{ key = $key; failure = $null; storage = $null } }
    # NTE_BAD_PROV_TYPE is the answer for a key of a key storage provider, COR_E_NOTSUPPORTED that for an algorithm which .NET has elsewhere
    $storage = if ($null -ne $failure -and $failure['hresult'] -eq 2148073492) { 'cng' } else { $null }
    $elsewhere = $null -eq $failure -or $failure['hresult'] -eq 2148073492 -or $failure['hresult'] -eq 2148734229
    try {
        $key = Open-StorageProviderKey $Certificate
    } catch {
        if ($elsewhere) { $failure = Get-Failure $_; $elsewhere = $false }
    }
    if ($null -ne $key) { $failure = $null }
    @{ key = $key; failure = $failure; storage = $storage; unknown = $elsewhere }
}

function Read-Key($Certificate) {
    $present = $null
    $opened = $null
    $failure = $null
    $place = @{}
    $public = 'null'
    try {
        $present = $Certificate.get_HasPrivateKey()
        if ($present) {
            $attempt = Open-Key $Certificate
            $failure = $attempt['failure']
            $place['storage'] = $attempt['storage']
            if ($null -ne $attempt['key']) {
                $opened = $true
                $place = Get-KeyPlace $attempt['key']
                $public = Read-PublicKey $attempt['key']
            } elseif (-not $attempt['unknown']) {
                $opened = $false
            }
        }
    } catch {
        $failure = Get-Failure $_
    }
    '{"present":' + (ConvertTo-Truth $present) + ',"opened":' + (ConvertTo-Truth $opened) + ',"error":' + (ConvertTo-Failure $failure) +
        ',"storage":' + (ConvertTo-Text $place['storage']) + ',"provider":' + (ConvertTo-Text $place['provider']) +
        ',"container":' + (ConvertTo-Text $place['container']) + ',"key_spec":' + (ConvertTo-Number $place['key_spec']) +
        ',"machine_store":' + (ConvertTo-Truth $place['machine_store']) + ',"public_key":' + $public + '}'
}

function Read-Certificate($Certificate) {  # one that throws is a record with an error, and sinks no other
    $content = ''
    $failure = $null
    try {
        $bytes = $Certificate.get_RawData()
        if ($bytes.get_Length() -le $largest) {
            $content = [Convert]::ToBase64String($bytes)
        } else {
            $size = ConvertTo-Number $bytes.get_Length()
            $failure = @{ message = "The certificate has $size bytes, more than the $largest that are read."; hresult = $null }
        }
    } catch {
        $failure = Get-Failure $_
    }
    '{"content":"' + $content + '","archived":' + (ConvertTo-Truth (Get-Fact { $Certificate.get_Archived() })) +
        ',"friendly_name":' + (ConvertTo-Text (Get-Fact { $Certificate.get_FriendlyName() })) + ',"error":' + (ConvertTo-Failure $failure) +
        ',"private_key":' + (Read-Key $Certificate) + '}'
}

function Read-Store([string] $Name) {
    $store = $null
    $found = @()
    $failure = $null
    $missing = $false
    try {
        $location = [Security.Cryptography.X509Certificates.StoreLocation] 'LocalMachine'
        $store = [Activator]::CreateInstance([Security.Cryptography.X509Certificates.X509Store], @($Name, $location))
        $store.Open('ReadOnly, OpenExistingOnly, IncludeArchived')
        $found = foreach ($certificate in $store.get_Certificates()) { Read-Certificate $certificate }
    } catch {
        $found = @()
        $failure = Get-Failure $_
        # Win32 errors 2 and 3, bare or as HRESULT; off Windows .NET has only its general code for a missing store
        $missing = @(2, 3, 2147942402, 2147942403) -contains $failure['hresult'] -or (-not $onWindows -and $failure['hresult'] -eq 2148734209)
    } finally {
        if ($null -ne $store) { $store.Close() }
    }
    '{"name":' + (ConvertTo-Text $Name) + ',"missing":' + (ConvertTo-Truth $missing) + ',"error":' + (ConvertTo-Failure $failure) +
        ',"certificates":[' + (@($found) -join ',') + ']}'
}

function Get-RegistryValue([string] $Path, [string] $Name) {
    $root = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
    $key = $root.OpenSubKey($Path)
    if ($null -ne $key) { $key.GetValue($Name) }
}

function Test-TlsDisabled {
    $protocol = 'SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\'
    foreach ($side in 'Server', 'Client') {
        $enabled = Get-RegistryValue ($protocol + $side) 'Enabled'
        if ($null -ne $enabled -and $enabled -eq 0) { return $true }
    }
    $false
}

function Test-TrustedIssuerList {
    $value = Get-RegistryValue 'SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL' 'SendTrustedIssuerList'
    if ($null -ne $value) { $value -ne 0 }
}

function Test-Administrator {
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    $principal = [Activator]::CreateInstance([Security.Principal.WindowsPrincipal], @($identity))
    $principal.IsInRole([Security.Principal.WindowsBuiltInRole] 'Administrator')
}

function Read-Computer {
    $network = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    $elevated = $null
    $tls = $null
    $issuers = $null
    $lync = $null
    if ($onWindows) {
        $elevated = Get-Fact { Test-Administrator }
        $tls = Get-Fact { Test-TlsDisabled }
        $issuers = Get-Fact { Test-TrustedIssuerList }
        # where Get-CsServerVersion looks
        $lync = Get-Fact { Get-RegistryValue 'SOFTWARE\Microsoft\Real-Time Communications\{A593FD00-64F1-4288-A6F4-E699ED9DCA35}' 'Version' }
    }
    $clock = [DateTime]::get_UtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", $invariant)
    '{"name":' + (ConvertTo-Text $network.get_HostName()) + ',"domain":' + (ConvertTo-Text $network.get_DomainName()) + ',"clock":"' + $clock +
        '","os_version":' + (ConvertTo-Text ([Environment]::get_OSVersion().get_VersionString())) +
        ',"powershell_version":' + (ConvertTo-Text $PSVersionTable['PSVersion']) + ',"elevated":' + (ConvertTo-Truth $elevated) +
        ',"lync_version":' + (ConvertTo-Text $lync) + ',"tls_1_0_disabled":' + (ConvertTo-Truth $tls) +
        ',"trusted_issuer_list":' + (ConvertTo-Truth $issuers) + '}'
}

$stores = foreach ($name in $storeNames) { Read-Store $name }
$document = '{"format":1,"host":' + (Read-Computer) + ',"stores":[' + (@($stores) -join ',') + ']}'
$bytes = [Text.Encoding]::get_ASCII().GetBytes($document)
$packed = [Activator]::CreateInstance([IO.MemoryStream])
$gzip = [Activator]::CreateInstance([IO.Compression.GZipStream], @($packed, [IO.Compression.CompressionMode]::Compress))
$gzip.Write($bytes, 0, $bytes.get_Length())
$gzip.Close()
'<<<lync.persistent_chat.stores 1 ' + [Convert]::ToBase64String($packed.ToArray()) + ' lync.persistent_chat.stores>>>'
