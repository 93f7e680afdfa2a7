# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Reads certificate stores of the local computer and says what is there. It judges nothing, changes nothing and never reads a private key:
# only whether Windows opens it, and its public half. The names of the stores are in $storeNames, set by a line before this text.
# Its value is one text: a JSON document, gzipped, in base64, between two marks.
# PowerShell 3.0 and .NET 4.0 have everything used here. No cmdlet is called, so that no module is loaded.
# Getters are called as methods because PowerShell swallows what a property's getter throws.
# What every host runs is joined from parts and tried in place: PowerShell compiles each script block, each kind of call and each operator
# when it first meets it, which takes longer than all the reading.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$system = [Environment]::get_OSVersion()
$onWindows = $system.get_Platform() -eq [PlatformID]::Win32NT
$largest = 65536  # bytes of a certificate that are worth carrying; one of a server has 1 to 4 KB
$longest = 1000  # characters of a text
$special = '[^ !#-\[\]-~]'  # what a JSON string in printable ASCII has to escape

function ConvertTo-Text($Value) {  # a JSON string in printable ASCII; nothing for nothing
    if ($null -eq $Value) { return }
    $text = "$Value"
    if ($text.get_Length() -gt $longest) { $text = $text.Substring(0, $longest) }
    if ($text -cmatch $special) {  # rare, and a script block as evaluator is dear
        $text = [regex]::Replace($text, $special, { param($match) '\u{0:x4}' -f [int] [char] $match.get_Value() })
    }
    ('"', $text, '"') -join ''
}

# -join writes True, False and, for nothing, nothing. No string of the document has a quotation mark in it, so values only are met here.
function ConvertTo-Json($Text) {
    $Text.Replace('":True', '":true').Replace('":False', '":false').Replace('":,', '":null,').Replace('":}', '":null}')
}

function Get-Code($Record) {  # the HRESULT of what was thrown first, without the wrappers that PowerShell and reflection add
    [long] [Runtime.InteropServices.Marshal]::GetHRForException($Record.Exception.GetBaseException()) -band 4294967295
}

function ConvertTo-Failure($Record) {
    ('{"message":', (ConvertTo-Text $Record.Exception.GetBaseException().get_Message()), ',"hresult":', (Get-Code $Record), '}') -join ''
}

function Test-Method($Value, $Name) {
    $null -ne $Value.GetType().GetMethod($Name)
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

function Read-PublicKey($Key) {
    $algorithm = 'EC'
    if ($Key -is [Security.Cryptography.RSA]) {
        $algorithm = 'RSA'
        $public = $Key.ExportParameters($false)
        $first = $public.Modulus
        $second = $public.Exponent
    } elseif ($Key -isnot [Security.Cryptography.ECDsa]) {
        return
    } elseif (Test-Method $Key 'get_Key') {  # BCRYPT_ECCKEY_BLOB: magic, length of a coordinate, x, y
        $blob = $Key.get_Key().Export([Security.Cryptography.CngKeyBlobFormat]::get_EccPublicBlob())
        $size = [BitConverter]::ToInt32($blob, 4)
        $first = [byte[]] $blob[8..(7 + $size)]
        $second = [byte[]] $blob[(8 + $size)..(7 + 2 * $size)]
    } else {
        $public = $Key.ExportParameters($false)
        $first = $public.Q.X
        $second = $public.Q.Y
    }
    $first = [BitConverter]::ToString($first).Replace('-', '')
    $second = [BitConverter]::ToString($second).Replace('-', '')
    ('{"algorithm":"', $algorithm, '","values":["', $first, '","', $second, '"]}') -join ''
}

function Read-Place($Key, $Storage) {  # provider and container, from whichever of its two worlds the key is
    $provider = $container = $spec = $machine = $null
    if ($null -eq $Key) {  # it could not be opened
    } elseif (Test-Method $Key 'get_CspKeyContainerInfo') {
        $Storage = 'csp'
        $place = $Key.get_CspKeyContainerInfo()
        try { $provider = $place.get_ProviderName() } catch { }
        try { $container = $place.get_UniqueKeyContainerName() } catch { }
        try { $spec = [int] $place.get_KeyNumber() } catch { }
        try { $machine = $place.get_MachineKeyStore() } catch { }
    } elseif (Test-Method $Key 'get_Key') {
        $Storage = 'cng'
        $place = $Key.get_Key()
        try { $provider = $place.get_Provider().get_Provider() } catch { }
        try { $container = $place.get_UniqueName() } catch { }
        $spec = 0
        try { $machine = $place.get_IsMachineKey() } catch { }
    }
    ('"storage":', (ConvertTo-Text $Storage), ',"provider":', (ConvertTo-Text $provider), ',"container":', (ConvertTo-Text $container),
        ',"key_spec":', $spec, ',"machine_store":', $machine) -join ''
}

function Read-Key($Certificate) {
    $present = $opened = $failure = $key = $storage = $place = $public = $null
    try {
        $present = $Certificate.get_HasPrivateKey()
        if ($present) {
            $code = 0
            try {
                $key = $Certificate.get_PrivateKey()
            } catch {
                $code = Get-Code $_
                $failure = ConvertTo-Failure $_
            }
            if ($null -eq $key) {
                # NTE_BAD_PROV_TYPE is the answer for a key of a key storage provider, COR_E_NOTSUPPORTED that for an algorithm which
                # .NET has elsewhere
                if ($code -eq 2148073492) { $storage = 'cng' }
                $elsewhere = 0, 2148073492, 2148734229 -contains $code
                try {
                    $key = Open-StorageProviderKey $Certificate
                } catch {
                    if ($elsewhere) { $failure = ConvertTo-Failure $_ }
                    $elsewhere = $false
                }
                if (-not $elsewhere) { $opened = $false }
            }
            if ($null -ne $key) {
                $opened = $true
                $failure = $storage = $null
                $place = Read-Place $key
                try { $public = Read-PublicKey $key } catch { }
            }
        }
    } catch {
        $failure = ConvertTo-Failure $_
    }
    if ($null -eq $place) { $place = Read-Place $null $storage }
    ('{"present":', $present, ',"opened":', $opened, ',"error":', $failure, ',', $place, ',"public_key":', $public, '}') -join ''
}

function Read-Certificate($Certificate) {  # one that throws is a record with an error, and sinks no other
    $content = ''
    $failure = $archived = $name = $null
    try {
        $bytes = $Certificate.get_RawData()
        $size = $bytes.get_Length()
        if ($size -le $largest) {
            $content = [Convert]::ToBase64String($bytes)
        } else {
            $failure = '{"message":"The certificate has ' + $size + ' bytes, more than the ' + $largest + ' that are read.","hresult":null}'
        }
    } catch {
        $failure = ConvertTo-Failure $_
    }
    try { $archived = $Certificate.get_Archived() } catch { }
    try { $name = $Certificate.get_FriendlyName() } catch { }
    ('{"content":"', $content, '","archived":', $archived, ',"friendly_name":', (ConvertTo-Text $name), ',"error":', $failure,
        ',"private_key":', (Read-Key $Certificate), '}') -join ''
}

function Read-Store($Name) {
    $store = $null
    $found = @()
    $failure = $null
    $missing = $false
    try {
        $location = [Security.Cryptography.X509Certificates.StoreLocation] 'LocalMachine'
        $store = [Activator]::CreateInstance([Security.Cryptography.X509Certificates.X509Store], @("$Name", $location))
        $store.Open('ReadOnly, OpenExistingOnly, IncludeArchived')
        $found = foreach ($certificate in $store.get_Certificates()) { Read-Certificate $certificate }
    } catch {
        $found = @()
        $failure = ConvertTo-Failure $_
        $code = Get-Code $_
        # Win32 errors 2 and 3, bare or as HRESULT; off Windows .NET has only its general code for a missing store
        $missing = 2, 3, 2147942402, 2147942403 -contains $code -or (-not $onWindows -and $code -eq 2148734209)
    } finally {
        if ($null -ne $store) { $store.Close() }
    }
    ('{"name":', (ConvertTo-Text $Name), ',"missing":', $missing, ',"error":', $failure,
        ',"certificates":[', (@($found) -join ','), ']}') -join ''
}

function Get-RegistryValue($Path, $Name) {
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
    $elevated = $tls = $issuers = $lync = $null
    if ($onWindows) {
        try { $elevated = Test-Administrator } catch { }
        try { $tls = Test-TlsDisabled } catch { }
        try { $issuers = Test-TrustedIssuerList } catch { }
        # where Get-CsServerVersion looks
        try { $lync = Get-RegistryValue 'SOFTWARE\Microsoft\Real-Time Communications\{A593FD00-64F1-4288-A6F4-E699ED9DCA35}' 'Version' } catch { }
    }
    $clock = '{0:s}Z' -f [DateTime]::get_UtcNow()  # s is the one format that is the same in each culture and calendar
    ('{"name":', (ConvertTo-Text $network.get_HostName()), ',"domain":', (ConvertTo-Text $network.get_DomainName()),
        ',"clock":"', $clock, '","os_version":', (ConvertTo-Text $system.get_VersionString()),
        ',"powershell_version":', (ConvertTo-Text $PSVersionTable['PSVersion']), ',"elevated":', $elevated,
        ',"lync_version":', (ConvertTo-Text $lync), ',"tls_1_0_disabled":', $tls, ',"trusted_issuer_list":', $issuers, '}') -join ''
}

$stores = foreach ($name in $storeNames) { Read-Store $name }
$document = ConvertTo-Json (('{"format":1,"host":', (Read-Computer), ',"stores":[', (@($stores) -join ','), ']}') -join '')
$bytes = [Text.Encoding]::get_ASCII().GetBytes($document)
$packed = [Activator]::CreateInstance([IO.MemoryStream])
$gzip = [Activator]::CreateInstance([IO.Compression.GZipStream], @($packed, [IO.Compression.CompressionMode]::Compress))
$gzip.Write($bytes, 0, $bytes.get_Length())
$gzip.Close()
('<<<lync.persistent_chat.stores 1 ', [Convert]::ToBase64String($packed.ToArray()), ' lync.persistent_chat.stores>>>') -join ''
